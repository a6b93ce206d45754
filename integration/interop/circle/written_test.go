//go:build interop

package circle

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/checkpoint/metadata"
	"github.com/cairnstate/cairn/coordinator/completed"
	"github.com/cairnstate/cairn/integration/interop/internal/dump"
	"github.com/cairnstate/cairn/integration/interop/internal/oracle"
	"github.com/cairnstate/cairn/task"
)

// written are metadata files of a coordinator, copied aside, for it deletes them in
// its time; and what must be in them.
type written struct {
	dir    string
	want   map[string]map[string]any // by file
	shares int                       // files that a task named by a placeholder
}

func newWritten(t *testing.T) *written {
	t.Helper()
	return &written{dir: t.TempDir(), want: map[string]map[string]any{}}
}

// add takes a file down, as the store has it.
func (w *written) add(t *testing.T, data []byte, version int, want *checkpoint.Metadata) {
	t.Helper()
	file := filepath.Join(w.dir, fmt.Sprintf("%04d", len(w.want)), "_metadata")
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, data, 0o644); err != nil {
		t.Fatal(err)
	}
	w.want[file] = dump.Metadata(known(want, version), version)
}

// known leaves out what the version does not know.
func known(md *checkpoint.Metadata, version int) *checkpoint.Metadata {
	if version < metadata.Version4 {
		md.Properties = nil
	}
	if version < metadata.Version5 {
		for i := range md.Operators {
			md.Operators[i].Name, md.Operators[i].UID = "", ""
		}
	}
	return md
}

// check has Flink load the files and compares what it reports.
func (w *written) check(t *testing.T) {
	t.Helper()
	flink, err := oracle.Build(context.WithoutCancel(t.Context()), "")
	if err != nil {
		t.Fatal(err)
	}
	out, err := flink.Run(t.Context(), "dump", w.dir)
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for line := range bytes.Lines(out) {
		theirs, err := dump.Parse(line)
		if err != nil {
			t.Fatal(err)
		}
		file := theirs["file"].(string)
		delete(theirs, "file")
		for _, d := range dump.Diff(w.want[file], theirs, dump.Allow{}) {
			t.Errorf("%s, as Flink reads it: %s", file, d)
		}
		seen++
	}
	if seen == 0 || seen != len(w.want) {
		t.Errorf("Flink loaded %d files of %d", seen, len(w.want))
	}
	t.Logf("Flink %s loaded %d files, in which %d placeholders had become files", flink.Release, seen, w.shares)
}

// written takes down a checkpoint of this life. What must be in it follows from what
// tasks, coordinators and hooks have answered, and not from what cairn made of that.
func (l *life) written(cp *completed.Checkpoint) {
	l.t.Helper()
	data, err := cp.Location.ReadMetadata(l.ctx)
	if err != nil {
		l.t.Fatal(err)
	}
	file, err := metadata.Decode(data, nil)
	if err != nil {
		l.t.Fatal(err)
	}
	l.place.written.add(l.t, data, file.Version, l.acknowledged(cp))
}

func (l *life) acknowledged(cp *completed.Checkpoint) *checkpoint.Metadata {
	a := answers{
		job:         l.Job.Job,
		current:     l.Current(),
		snapshot:    func(attempt task.ExecutionAttempt) *task.Snapshot { return l.heard.snapshot(cp.ID, attempt) },
		coordinator: func(op checkpoint.OperatorID) []byte { return l.saved(cp.ID, op) },
		whole:       l.place.withFiles,
	}
	if l.hooked {
		a.hooks = []checkpoint.MasterState{{Name: masterHook{}.Identifier(), Version: 77, Payload: fmt.Appendf(nil, "checkpoint %d", cp.ID)}}
	}
	return a.metadata(cp)
}

func (l *life) saved(id int64, op checkpoint.OperatorID) []byte {
	for _, oc := range l.OperatorCoordinators() {
		if oc.Operator == op {
			return oc.Saved(id)
		}
	}
	return nil
}

// withFiles returns the state with files in the place of placeholders: those that
// some task had reported under this name before.
func (p *place) withFiles(state *checkpoint.OperatorSubtaskState) *checkpoint.OperatorSubtaskState {
	whole := *state
	whole.ManagedKeyedState = p.keyedWithFiles(state.ManagedKeyedState)
	return &whole
}

func (p *place) keyedWithFiles(state checkpoint.KeyedStateHandle) checkpoint.KeyedStateHandle {
	switch h := state.(type) {
	case *checkpoint.IncrementalRemoteKeyedStateHandle:
		whole := *h
		whole.SharedState = p.filesOf(h.SharedState)
		return &whole
	case *checkpoint.ChangelogStateBackendHandle:
		whole := *h
		whole.Materialized = nil
		for _, part := range h.Materialized {
			whole.Materialized = append(whole.Materialized, p.keyedWithFiles(part))
		}
		return &whole
	}
	return state
}

func (p *place) filesOf(shared []checkpoint.HandleAndLocalPath) (files []checkpoint.HandleAndLocalPath) {
	for _, file := range shared {
		switch h := file.Handle.(type) {
		case *checkpoint.FileStateHandle:
			p.files[h.Path] = h
		case *checkpoint.ByteStreamStateHandle:
			p.files[h.HandleName] = h
		case *checkpoint.SegmentFileStateHandle:
			p.files[h.LogicalFileID] = h
		case *checkpoint.PlaceholderStreamStateHandle:
			file.Handle = p.files[h.PhysicalID]
			p.written.shares++
		}
		files = append(files, file)
	}
	return files
}
