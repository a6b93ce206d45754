package integration_test

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"sync/atomic"
	"testing"

	"golang.org/x/sync/errgroup"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/integration/servers"
	"github.com/cairnstate/cairn/storage"
)

// written is a job that writes its checkpoints to a place.
type written struct {
	t       *testing.T
	proxy   *servers.Proxy // nil on the disk
	storage *storage.BackendStorage
	access  *storage.CheckpointStorageAccess
}

// TestWriting takes checkpoints in each place from the first byte to their disposal,
// and counts what real stores are asked for it.
func TestWriting(t *testing.T) {
	minio, gcs := servers.StartMinIO(t), servers.StartGCS(t)
	beforeMinIO, beforeGCS := servers.StartProxy(t, minio.Endpoint), servers.StartProxy(t, gcs.Endpoint)
	for _, c := range []struct {
		place                     place
		proxy                     *servers.Proxy
		publish, dispose, discard int // requests; 0 is not counted
	}{
		{disk(t), nil, 0, 0, 0},
		// The name; two pages of a thousand; two batches of a thousand.
		{minioPlace(minio, beforeMinIO.Endpoint, "s3"), beforeMinIO, 1, 5, 2},
		{gcsPlace(gcs, beforeGCS.Endpoint), beforeGCS, 1, 0, 0},
	} {
		t.Run(c.place.name, func(t *testing.T) {
			if err := c.place.witness.MakeBucket(t.Context(), bucket); err != nil {
				t.Fatal(err)
			}
			job := checkpoint.JobID{1, 2, 3}
			s := c.place.openWith(t, new(storage.Options))
			access, err := s.CreateCheckpointStorage(t.Context(), job, c.place.root+"/ck", nil)
			if err != nil {
				t.Fatal(err)
			}
			w := &written{t: t, proxy: c.proxy, storage: s, access: access}
			w.oneWins(c.publish)
			w.disposes(1100, c.dispose)
			w.discards(1100, c.discard)
		})
	}
}

// asked compares the number of requests since the last call, if it matters.
func (w *written) asked(what string, want int) {
	w.t.Helper()
	if w.proxy == nil {
		return
	}
	got := w.proxy.Requests()
	w.proxy.Expect()
	if want > 0 && len(got) != want {
		w.t.Errorf("%s: %d requests, want %d:\n%s", what, len(got), want, strings.Join(got, "\n"))
	}
}

func (w *written) location(id int64) *storage.CheckpointStorageLocation {
	w.t.Helper()
	l, err := w.access.InitializeLocationForCheckpoint(id)
	if err != nil {
		w.t.Fatal(err)
	}
	return l
}

// fill writes so many pieces of state.
func (w *written) fill(l *storage.CheckpointStorageLocation, scope storage.CheckpointedStateScope, n int) []checkpoint.StreamStateHandle {
	w.t.Helper()
	all := make([]checkpoint.StreamStateHandle, n)
	var writes errgroup.Group
	writes.SetLimit(16)
	for i := range all {
		writes.Go(func() (err error) {
			s := l.CreateCheckpointStateOutputStream(w.t.Context(), scope)
			defer s.Close()
			if _, err := fmt.Fprintf(s, "%0*d", storage.DefaultInlineThreshold+1, i); err != nil {
				return err
			}
			all[i], err = s.CloseAndGetHandle()
			return err
		})
	}
	if err := writes.Wait(); err != nil {
		w.t.Fatal(err)
	}
	return all
}

// some is what passes for metadata where nobody looks into it.
const some = "\x49\x60\x67\x2d" + "metadata"

func (w *written) publish(l *storage.CheckpointStorageLocation, text string) (storage.CompletedCheckpointStorageLocation, error) {
	s, err := l.CreateMetadataOutputStream(w.t.Context())
	if err != nil {
		return nil, err
	}
	defer s.Close()
	if _, err := io.WriteString(s, text); err != nil {
		return nil, err
	}
	return s.CloseAndFinalizeCheckpoint()
}

// oneWins publishes once, which is one request, and then eight times at once.
func (w *written) oneWins(requests int) {
	w.t.Helper()
	w.asked("before", 0)
	if _, err := w.publish(w.location(1), some); err != nil {
		w.t.Fatal(err)
	}
	w.asked("publish", requests)
	var won atomic.Int32
	var all errgroup.Group
	for i := range 8 {
		all.Go(func() error {
			_, err := w.publish(w.location(2), fmt.Sprint(some, " of ", i))
			if err == nil {
				won.Add(1)
			} else if !errors.Is(err, storage.ErrCheckpointExists) {
				return err
			}
			return nil
		})
	}
	if err := all.Wait(); err != nil || won.Load() != 1 {
		w.t.Errorf("%d won, %v", won.Load(), err)
	}
}

// disposes completes a checkpoint with so many files, and disposes of it.
func (w *written) disposes(files, requests int) {
	w.t.Helper()
	l := w.location(3)
	w.fill(l, storage.ExclusiveState, files)
	completed, err := w.publish(l, some)
	if err != nil {
		w.t.Fatal(err)
	}
	w.asked("before", 0)
	if err := storage.DisposeStorageLocation(w.t.Context(), completed, nil); err != nil {
		w.t.Fatal(err)
	}
	w.asked("dispose", requests)
	if err := l.DisposeOnFailure(w.t.Context()); !errors.Is(err, storage.ErrCheckpointExists) {
		w.t.Errorf("what we completed was given up: %v", err)
	}
	w.nothingLeft(l)
}

// nothingLeft looks at the directory with the eyes of who resolves it.
func (w *written) nothingLeft(l *storage.CheckpointStorageLocation) {
	w.t.Helper()
	_, err := w.storage.ResolveCheckpoint(w.t.Context(), l.ExclusiveDirectory())
	if !errors.Is(err, storage.ErrNotFound) || !strings.Contains(err.Error(), "nothing is below") {
		w.t.Errorf("something is left: %v", err)
	}
}

// discards writes so many shared files for a checkpoint that it gives up.
func (w *written) discards(files, requests int) {
	w.t.Helper()
	l := w.location(4)
	handles := w.fill(l, storage.SharedState, files)
	w.fill(l, storage.ExclusiveState, 3)
	w.asked("before", 0)
	if err := l.DiscardStates(w.t.Context(), handles); err != nil {
		w.t.Fatal(err)
	}
	w.asked("discard", requests)
	if err := l.DisposeOnFailure(w.t.Context()); err != nil {
		w.t.Fatal(err)
	}
	w.nothingLeft(l)
}
