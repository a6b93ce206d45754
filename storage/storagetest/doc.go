// Package storagetest is the contract of a storage backend as checks. A backend
// is finished when the list is green.
//
// The author of a backend runs it as tests:
//
//	func TestConformance(t *testing.T) {
//		storagetest.Run(t, func(t *testing.T) backend.Backend { return open(t) })
//	}
//
// An operator runs the same list against the bucket that will hold the
// checkpoints, before it does: a [Check] is a function that returns an error. It
// works below a directory of its own, which it empties when it is done, so it can
// run beside other things, and several times at once.
//
// Each check is proven: the tests of this package hold a backend that breaks one
// promise, and the check must notice.
package storagetest
