// Package house holds the walls of this project up: it looks at the source tree
// and says what breaks a rule that no compiler knows.
//
// The rules are few, and each is a function from what is there to complaints,
// so that a test can break it on purpose in a tiny house of its own:
//
//	Arrows         imports point down the floors, and only there
//	Links          who decides links no cloud, at any depth
//	Introductions  each package has one comment that introduces it, and an example
//	Dependencies   each module that we import is listed, with its reason
//	MachinePaths   no file of ours knows where it was written
//	DeadLinks      what a page points at is there
//	Quotes         Go code in a page is code that is compiled
//	Strangers      an example imports what whoever copies it can import
//
// The tests of this package apply them to the real house. Nothing else uses it.
package house

// Complaint is one broken rule, in words for whoever broke it.
type Complaint string
