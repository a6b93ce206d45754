package filesink_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"
	"testing"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/storage/backend"
	"github.com/cairnstate/cairn/storage/fault"
	"github.com/cairnstate/cairn/storage/mem"
	"github.com/cairnstate/cairn/task/filesink"
	"github.com/cairnstate/cairn/task/program"
	"github.com/cairnstate/cairn/task/state"
	"github.com/cairnstate/cairn/task/twophase"
)

func line(to []byte, record string) ([]byte, error) { return fmt.Appendln(to, record), nil }

func open(t *testing.T, b backend.Backend) *twophase.Sink[string, filesink.Name] {
	t.Helper()
	sink := filesink.New(b, "out", line)
	must(t, sink.Open(t.Context(), &program.Subtask{Index: 1, Parallelism: 2, State: state.New(2, checkpoint.KeyGroups(1, 1))}))
	return sink
}

// contents returns what the files below the prefix hold, in order of their names.
func contents(t *testing.T, b backend.Backend, prefix string) []string {
	t.Helper()
	var all []string
	for info, err := range b.List(t.Context(), prefix) {
		must(t, err)
		r, err := b.Open(t.Context(), info.Key, nil)
		must(t, err)
		data, err := io.ReadAll(r)
		must(t, errors.Join(err, r.Close()))
		all = append(all, info.Key+": "+string(bytes.ReplaceAll(data, []byte("\n"), []byte(";"))))
	}
	return all
}

func visible(t *testing.T, b backend.Backend) []string {
	t.Helper()
	return slices.DeleteFunc(contents(t, b, "out"), func(s string) bool { return strings.Contains(s, ".pending") })
}

func TestFilesAppearWithTheirCheckpoint(t *testing.T) {
	var b mem.Backend
	sink := open(t, &b)
	must(t, sink.Write(t.Context(), "a"))
	must(t, sink.Write(t.Context(), "b"))
	must(t, sink.Snapshot(t.Context(), 1))
	must(t, sink.Write(t.Context(), "c"))
	if got := visible(t, &b); len(got) != 0 {
		t.Errorf("before the checkpoint is complete there is %q", got)
	}
	must(t, sink.CheckpointComplete(t.Context(), 1))
	if got := visible(t, &b); len(got) != 1 || !strings.HasPrefix(got[0], "out/part-1-0-0-") || !strings.HasSuffix(got[0], ": a;b;") {
		t.Errorf("there is %q, want one file with a and b", got)
	}
	must(t, sink.Close())
	if got := contents(t, &b, "out"); len(got) != 1 {
		t.Errorf("there is %q, want what was committed", got)
	}
}

// Whatever fails while a file is committed, committing again makes it be there, once.
func TestCommitIsRepeatable(t *testing.T) {
	for _, op := range []string{"copy", "delete"} {
		for _, effect := range []string{"fail(transient)", "lose(reset)"} {
			plan, err := fault.Parse(op + " & nth(1): " + effect)
			must(t, err)
			b := fault.Guard(t, fault.Wrap(new(mem.Backend), plan))
			sink := open(t, b)
			must(t, sink.Write(t.Context(), "a"))
			must(t, sink.Snapshot(t.Context(), 1))
			if err := sink.CheckpointComplete(t.Context(), 1); err == nil {
				t.Errorf("%s: nobody was told", plan)
			}
			must(t, sink.CheckpointComplete(t.Context(), 2))
			if got := contents(t, b, "out"); len(got) != 1 || !strings.HasSuffix(got[0], ": a;") {
				t.Errorf("%s: there is %q, want one file with a", plan, got)
			}
		}
	}
}

// A file that vanished is not taken for one that was committed.
func TestLostFilesAreTold(t *testing.T) {
	var b mem.Backend
	sink := open(t, &b)
	must(t, sink.Write(t.Context(), "a"))
	must(t, sink.Snapshot(t.Context(), 1))
	for info, err := range b.List(t.Context(), "out") {
		must(t, err)
		must(t, b.Delete(t.Context(), info.Key))
	}
	if err := sink.CheckpointComplete(t.Context(), 1); !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), "records are lost") {
		t.Errorf("%v", err)
	}
}

// A subtask deletes what its own predecessors left behind the restored checkpoint, and
// nothing else.
func TestOnlyOwnLeftoversAreDeleted(t *testing.T) {
	var b mem.Backend
	stay := []string{"out/.pending/0-9-1-x", "out/.pending/1-6-1-x", "out/.pending/1-9-1", "out/.pending/1-9-3-x", "out/.pending/4-9-1-x", "out/.pending/other", "out/.pending/x-9-1-x", "out/part-1-9-1-x", "output/.pending/1-9-1-x"}
	for _, key := range append(stay, "out/.pending/1-7-2-x", "out/.pending/1-9-1-x", "out/.pending/3-8-1-x") {
		w, err := b.Create(t.Context(), key, nil)
		must(t, err)
		must(t, w.Commit())
	}
	sub := &program.Subtask{Index: 1, Parallelism: 2, RestoredCheckpoint: 7, Epoch: 2, State: state.New(2, checkpoint.KeyGroups(1, 1))}
	must(t, filesink.New(&b, "out", line).Open(t.Context(), sub))
	var left []string
	for info, err := range b.List(t.Context(), "") {
		must(t, err)
		left = append(left, info.Key)
	}
	if !slices.Equal(left, stay) {
		t.Errorf("left is %s\nwant    %s", left, stay)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
