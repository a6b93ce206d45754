package storage_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/storage"
	"github.com/cairnstate/cairn/storage/backend"
	"github.com/cairnstate/cairn/storage/fault"
	"github.com/cairnstate/cairn/storage/mem"
)

// scenario does something with a store.
type scenario func(t *testing.T, ctx context.Context, b backend.Backend) error

// outcome is what came of a scenario under a fault.
type outcome struct {
	faulty *fault.Backend
	store  backend.Backend // what is within
	ended  bool            // the context has
	err    error
}

// eachFault runs the scenario with each fault at each request that it makes of a store,
// within an hour that passes at once, and lets judge see what came of it. None of the
// faults is a bit that changes: only the store could tell.
func eachFault(t *testing.T, fresh func() backend.Backend, play scenario, judge func(*testing.T, outcome)) {
	t.Helper()
	sites, err := fault.Record(fresh(), func(b backend.Backend) error { return play(t, t.Context(), b) })
	must(t, err)
	tried := 0
	for _, site := range sites {
		for _, effect := range fault.Effects() {
			if effect == fault.Corrupt() || !effect.HappensTo(site.Op) {
				continue
			}
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
				defer cancel()
				store := fresh()
				plan := fault.At(site.Ordinal(), effect)
				faulty := fault.Wrap(store, plan)
				err := play(t, ctx, faulty)
				judge(t, outcome{faulty, store, ctx.Err() != nil, err})
				must(t, faulty.VerifyFired())
				if tried++; t.Failed() {
					t.Logf("the recipe: %s", plan)
				}
			})
		}
	}
	t.Logf("%d faults at %d requests", tried, len(sites))
}

// Whatever goes wrong, there is state with a handle or there is none. Only who died, or
// whose context ended, leaves a file that nobody knows.
func TestUploadsUnderEveryFault(t *testing.T) {
	content := strings.Repeat("0123456789", large)
	var handle checkpoint.StreamStateHandle
	upload := func(t *testing.T, ctx context.Context, b backend.Backend) (err error) {
		handle, err = locationOf(t, access(t, b, nil), 3).UploadState(ctx, storage.ExclusiveState, strings.NewReader(content), int64(len(content)))
		return err
	}
	eachFault(t, func() backend.Backend { return new(mem.Backend) }, upload, func(t *testing.T, o outcome) {
		keys := keysOf(t, o.store)
		switch {
		case o.err != nil && handle != nil:
			t.Errorf("a handle with an error: %v", o.err)
		case o.err != nil && len(keys) > 0 && !o.faulty.Killed() && !o.ended:
			t.Errorf("left %v: %v", keys, o.err)
		case o.err == nil:
			r, err := o.store.Open(context.Background(), jobDir+"/chk-3/"+handle.(*checkpoint.RelativeFileStateHandle).RelativePath, nil)
			if got := drain(t, r, err); got != content {
				t.Errorf("%d bytes and no error", len(got))
			}
		}
	})
}

// Whatever goes wrong, what comes without an error is all.
func TestDownloadsUnderEveryFault(t *testing.T) {
	far, text := digits(t, 5000)
	var got memory
	download := func(t *testing.T, ctx context.Context, b backend.Backend) error {
		got = memory{}
		at, err := over(t, b).ResolveCheckpoint(ctx, "far://b/j/chk-1")
		if err != nil {
			return err
		}
		_, err = storage.DownloadState(ctx, at, relative("data", 5000), &got)
		return errors.Join(err, at.Close())
	}
	for _, store := range []backend.Backend{far, &pieces{distant: far, size: 700, loses: -1}} {
		eachFault(t, func() backend.Backend { return store }, download, func(t *testing.T, o outcome) {
			if o.err == nil && string(got.data) != text {
				t.Errorf("%d bytes and no error", len(got.data))
			}
			if errors.Is(o.err, storage.ErrTruncated) && string(got.data) == text {
				t.Errorf("all came, and yet: %v", o.err)
			}
		})
	}
}
