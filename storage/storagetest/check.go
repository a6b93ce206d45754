package storagetest

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/cairnstate/cairn/storage/backend"
)

// Check is one promise of [backend.Backend], or of one of its powers.
type Check struct {
	// Topic is what the promise is about: "conditional writes". Checks of one topic
	// stand together.
	Topic string
	// Name says what is promised.
	Name string

	run func(*subject) error
	// needs are the promises that this one is made of: a store that declares that it
	// does not keep them is not asked.
	needs []backend.Need
	// reads says that it only reads what is there, and has no directory of its own.
	reads bool
}

// ErrNotPromised says that the store does not promise this, and was not asked: it
// declares so in its [backend.Limits], or lacks a power that it may lack. That is
// no failure, and no success either.
var ErrNotPromised = errors.New("not promised")

func notPromised(why string) error { return fmt.Errorf("%w: %s", ErrNotPromised, why) }

// Checks returns the promises, the simplest first: if several fail, the first
// tells most.
func Checks() []Check {
	checks := slices.Concat(objectChecks(), errorChecks(), publishingChecks(), replacingChecks(), exclusiveChecks(),
		readingChecks(), versionChecks(), listingChecks(), deletingChecks(), cancellationChecks(), loadChecks(), powerChecks())
	for i := range checks {
		checks[i].needs = append([]backend.Need{backend.Writing}, checks[i].needs...)
	}
	return append(checks, limitChecks()...)
}

// Verify runs the check against the backend, in a directory of its own. opts may
// be nil. Nil means that the promise was kept, [ErrNotPromised] that it is not
// made; any other error says how it was broken. Nothing is left behind, unless
// deleting is what is broken.
func (c Check) Verify(ctx context.Context, b backend.Backend, opts *Options) error {
	if lacking := backend.Require(b, c.needs...); lacking != nil {
		return notPromised(strings.TrimPrefix(lacking.Error(), backend.ErrLimited.Error()+": "))
	}
	s := newSubject(ctx, b, opts)
	if c.reads {
		s.dir = s.opts.Below
		return c.run(s)
	}
	err := c.run(s)
	swept := s.sweep()
	if swept != nil {
		swept = fmt.Errorf("cleaning up below %s: %w", s.dir, swept)
	}
	dirt := errors.Join(swept, s.leftovers())
	if errors.Is(err, ErrNotPromised) && dirt != nil {
		return dirt
	}
	return errors.Join(err, dirt)
}

func newSubject(ctx context.Context, b backend.Backend, opts *Options) *subject {
	if opts == nil {
		opts = new(Options)
	}
	var id [8]byte
	rand.Read(id[:]) // never fails
	return &subject{ctx: ctx, backend: b, opts: opts, dir: path.Join(opts.Below, "storagetest-"+hex.EncodeToString(id[:]))}
}
