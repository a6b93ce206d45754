package integration_test

import (
	"errors"
	"net/url"
	"testing"

	"github.com/cairnstate/cairn/storage/storagetest"
)

// TestConformance asks every store plain, and then under each wrapper. What the
// plain stores say is docs/support-matrix.md: a promise that is kept no longer, or
// no longer made, is seen there.
func TestConformance(t *testing.T) {
	all := stores(t)
	var run []*column
	for _, s := range all {
		c := newColumn(s)
		t.Run(s.file(), func(t *testing.T) { s.judgeAll(t, c.note) })
		run = append(run, c)
	}
	hold(t, run)
	for _, s := range all {
		for _, w := range wrappers() {
			wrapped := s.under(w)
			t.Run(wrapped.file(), func(t *testing.T) { wrapped.judge(t, wrapped.brief(), func(storagetest.Check, error) {}) })
		}
	}
}

// Stores that know no checksums get signed payloads instead.
func TestS3SignedPayloads(t *testing.T) {
	s := minioStoreOf(startS3(t), "MinIO signed", url.Values{"checksum": {"signature"}})
	s.judge(t, s.brief(), func(storagetest.Check, error) {})
}

// brief makes the kit ask in less time what a wrapper could break: how many keys a
// page has is the store's own affair, and what is large is large with two parts.
func (s store) brief() *storagetest.Options {
	return &storagetest.Options{LargeSize: s.several, Page: 60}
}

// judge runs the checks on one connection, and tells what each says.
func (s store) judge(t *testing.T, opts *storagetest.Options, note func(storagetest.Check, error)) {
	t.Helper()
	opts.Connect, opts.Secrets, opts.Leftovers = s.connect, s.secrets, s.leftovers
	b, err := s.connect(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	for _, check := range storagetest.Checks() {
		t.Run(check.Name, func(t *testing.T) {
			err := check.Verify(t.Context(), b, opts)
			note(check, err)
			if err != nil && !errors.Is(err, storagetest.ErrNotPromised) {
				t.Error(err)
			}
		})
	}
}
