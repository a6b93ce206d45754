// Package storage gives bytes their meaning: it knows where in a store a
// checkpoint is, and which of its files is the one that says so.
package storage
