// Package storagetest is the contract of a storage backend as checks. A backend
// is finished when the list is green.
//
// The author of a backend runs it as tests:
//
//	func TestConformance(t *testing.T) {
//		storagetest.Run(t, func(t *testing.T) backend.Backend { return open(t) })
//	}
//
// [RunWith] asks for more where more is known of the store: whether errors tell
// secrets, whether uploads stay unfinished, whether other connections see the same.
//
// An operator runs the same list against the bucket that will hold the
// checkpoints, before it does, with the command cairn backend verify: a [Check] is
// a function that returns an error. It works below a directory of its own, which
// it empties when it is done, so it can run beside other things, and several times
// at once. [ReadingChecks] are for stores that nothing may be written to.
//
// What a store declares that it cannot do is not asked of it, and reported as
// [ErrNotPromised]; what it does not declare is checked.
//
// What no check can bring about, the author tests with a server that answers as he
// says: a conflict of two requests that the store resolves by failing both (the 409 of
// S3), an answer that gets lost, a store that is full.
//
// Each check is proven: the tests of this package hold a backend that breaks one
// promise, and the check must notice.
package storagetest
