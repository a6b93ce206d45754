// Package feature knows the rules of state assignment well enough to tell which of
// them a pair puts to the test, and counts. It looks at pairs, not at how they
// were made, so a generator cannot claim what it does not do.
package feature
