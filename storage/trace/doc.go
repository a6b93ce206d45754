// Package trace tells what goes through a backend, in one line for each operation:
//
//	create "chk-7/_metadata" if-absent: ok
//	commit "chk-7/_metadata" if-absent, 512 bytes: exists
//	open "chk-7/_metadata" at 100+20, 512 bytes: ok
//	read "chk-7/_metadata" at 100+20, 20 bytes: ok
//	list "chk-7", 3 objects: ok
//
// What is read of an object, written to it, or listed is one line at the end, however
// many calls it took. The outcome is a word that does not depend on the store; what
// nobody has a word for is "failed" and what the store says.
//
// Lines hold no secret, no content and no time, so those of two runs that do the same
// are the same: transcripts of them are kept as test data. Who asks for times gets
// them by [Timed] or [Log].
package trace
