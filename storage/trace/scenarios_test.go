package trace_test

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/coordinator"
	"github.com/cairnstate/cairn/coordinator/completed"
	"github.com/cairnstate/cairn/job"
	"github.com/cairnstate/cairn/storage"
	"github.com/cairnstate/cairn/storage/backend"
	"github.com/cairnstate/cairn/storage/mem"
)

// publishCheckpoint writes two files of state, and then the name of it all.
func publishCheckpoint(t *testing.T, b backend.Backend, _ *mem.Backend) {
	publish(t, b, "job/chk-7/state-0", "state of subtask 0", nil)
	publish(t, b, "job/chk-7/state-1", "state of subtask 1", nil)
	publish(t, b, "job/chk-7/_metadata", "a cairn", &backend.CreateOptions{IfAbsent: true})
}

// loseRace is two coordinators that publish the same checkpoint.
func loseRace(t *testing.T, b backend.Backend, _ *mem.Backend) {
	exclusive := &backend.CreateOptions{IfAbsent: true}
	first, err := b.Create(t.Context(), "job/chk-7/_metadata", exclusive)
	must(t, err)
	defer first.Close()
	_, err = io.WriteString(first, "slow")
	must(t, err)
	publish(t, b, "job/chk-7/_metadata", "fast", exclusive)
	if err := first.Commit(); !errors.Is(err, fs.ErrExist) {
		t.Errorf("the slow one gets %v", err)
	}
	readAll(t, b, "job/chk-7/_metadata", nil)
}

// abortCheckpoint gives up one writer and removes what another one left.
func abortCheckpoint(t *testing.T, b backend.Backend, _ *mem.Backend) {
	publish(t, b, "job/chk-7/state-0", "state of subtask 0", nil)
	w, err := b.Create(t.Context(), "job/chk-7/state-1", nil)
	must(t, err)
	_, err = io.WriteString(w, "half a st")
	must(t, err)
	must(t, w.Close())
	must(t, backend.DeleteAll(t.Context(), b, listed(t, b, "job/chk-7")))
}

// disposeCheckpoint removes the name first, so that nobody finds half of it.
func disposeCheckpoint(t *testing.T, b backend.Backend, _ *mem.Backend) {
	publishCheckpoint(t, b, nil)
	must(t, b.Delete(t.Context(), "job/chk-7/_metadata"))
	must(t, backend.DeleteAll(t.Context(), b, listed(t, b, "job/chk-7")))
	if left := listed(t, b, ""); len(left) > 0 {
		t.Errorf("left %q", left)
	}
}

// restoreSavepoint restores what real Flink took of four subtasks into two, and reads
// the state of the first.
func restoreSavepoint(t *testing.T, b backend.Backend, plain *mem.Backend) {
	savepoint := upload(t, plain)
	var registry backend.Registry
	registry.Register(func(context.Context, backend.Root) (backend.Backend, error) { return b, nil }, "mem")
	store, err := storage.New(&registry, nil)
	must(t, err)
	counts, err := job.New(job.Vertex{Name: "counts", Parallelism: 2,
		Operators: []job.Operator{{ID: checkpoint.OperatorIDFromUID("keyed-counts-石")}}})
	must(t, err)
	c, err := coordinator.New(counts, store, nil)
	must(t, err)
	restored, err := c.RestoreSavepoint(t.Context(), coordinator.SavepointRestoreSettings{Path: "mem://demo/" + savepoint, AllowNonRestoredState: true})
	must(t, err)
	for handle := range restored.Assignment.Vertices[0].Subtask(0).Operators[0].Streams() {
		state, err := restored.Open(t.Context(), handle)
		must(t, err)
		_, err = io.ReadAll(state)
		must(t, err)
		must(t, state.Close())
	}
	must(t, c.Shutdown(t.Context(), completed.Suspended))
	must(t, store.Close())
}

// upload puts the savepoint into the store and returns its directory there.
func upload(t *testing.T, b backend.Backend) string {
	t.Helper()
	found, err := filepath.Glob("../../testdata/flink/2.3.0/hashmap-savepoint/savepoint-*")
	if err != nil || len(found) != 1 {
		t.Fatalf("want one savepoint, found %v: %v", found, err)
	}
	files, err := os.ReadDir(found[0])
	must(t, err)
	dir := "savepoints/" + filepath.Base(found[0])
	for _, file := range files {
		data, err := os.ReadFile(filepath.Join(found[0], file.Name()))
		must(t, err)
		publish(t, b, dir+"/"+file.Name(), string(data), nil)
	}
	return dir
}
