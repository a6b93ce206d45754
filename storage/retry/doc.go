// Package retry tries again what failed for the moment, where a second try cannot do
// harm, and says so where it could.
//
// What is tried again is an error that is [backend.ErrThrottled],
// [backend.ErrTransient] or a timeout of the network, or no progress: a call that
// moved no byte and no element for [Options.Progress] is abandoned. There is no limit
// on the whole: what makes progress may take as long as it takes.
//
//	| call               | a failure for the moment                                         |
//	|--------------------|------------------------------------------------------------------|
//	| Open, Stat, Locate | is tried again                                                   |
//	| reading            | goes on at the byte where it stopped, in the same version of the |
//	|                    | object, or fails with [backend.ErrChanged]; so does a body that   |
//	|                    | ends before the size that the store told                         |
//	| List               | goes on after the last element: the store lists from the         |
//	|                    | beginning again, and what was told is left out                   |
//	| Download           | begins anew: the writer may get the same offset again            |
//	| Delete, DeleteAll  | is tried again, for the keys that failed                         |
//	| Upload             | begins anew, unless all of the source was taken: then it is      |
//	|                    | settled by reading, because it may have taken effect             |
//	| Create, Write      | begins anew, while all that was written is still at hand         |
//	| Commit, Copy, Swap | is settled by reading, because it may have taken effect          |
//
// # Settling
//
// After an error of Commit, Copy, Swap or Upload the change may have been made. So the object
// is read: if it holds what was to be there, the call has succeeded. If it is absent
// (or, for Swap, still the old one) the call is tried again. If it holds something
// else, somebody else won ([fs.ErrExist], [backend.ErrChanged]), unless it was to be
// replaced: then nobody can know, and the caller gets the error. Two writers who give
// one key the same content exclusively can therefore both be told that they won, if
// an answer got lost; who cannot have that puts a token into the content. The
// backends of this module settle lost answers themselves, by such a token, so that
// this is the second net.
//
// No progress is seen inside of DeleteAll, of Copy, and, of what is larger than
// [Options.Buffer], inside of Commit and of an Upload that has taken all of its source;
// they are not abandoned, and end with their context. An error of the source of an
// Upload is the caller's own, and no other try is made.
package retry
