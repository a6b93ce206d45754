package storagetest

import (
	"context"

	"github.com/cairnstate/cairn/storage/backend"
)

// Options are facts about a store that no check can find out. Nil and zero values
// mean the defaults; each fact that is given makes some check ask for more.
type Options struct {
	// Below is the directory that the checks work in, each in one of its own. The
	// default is the root.
	Below string

	// Connect opens another backend on the same store, with connections of its own,
	// as another process would. A check closes what it opened. The default is the
	// backend under check itself.
	Connect func(ctx context.Context) (backend.Backend, error)

	// Secrets are texts that no error may hold: the secret key that the backend was
	// opened with, a token.
	Secrets []string

	// Broken open backends that do not get to their store: over a closed port, with a
	// wrong password. What a driver says then it says with the address, and whatever
	// is in there; the checks look for the Secrets in it.
	Broken []func(ctx context.Context) (backend.Backend, error)

	// Break makes the store fail all writing for the backend under check, and mends it:
	// by a proxy that drops connections, a table that has another name meanwhile. It is
	// called with true and then with false; what else is checked must not run beside it.
	Break func(ctx context.Context, broken bool) error

	// Leftovers names what writers left below the directory that List does not show:
	// temporary files, unfinished uploads. It is asked after each check, and must
	// name nothing by then.
	Leftovers func(ctx context.Context, dir string) ([]string, error)

	// LargeSize is the size in bytes of a large object: one that the backend writes
	// in several parts and reads in several ranges. The default is some 11 MiB.
	LargeSize int

	// Page is how many keys make more than one page of a listing and more than one
	// request of a batch delete. The default is 1050.
	Page int
}

func (o *Options) largeSize() int {
	if o.LargeSize > 0 {
		return o.LargeSize
	}
	return 11<<20 + 12345 // more than a part of any store's, and no multiple of anything
}

func (o *Options) page() int {
	if o.Page > 0 {
		return o.Page
	}
	return 1050
}
