package wordcount

import (
	"fmt"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/checkpoint/metadata"
)

// orphans returns the files in the job's directory that belong to no checkpoint, and the
// number of checkpoints.
func (p *place) orphans(t *testing.T) (orphans []string, checkpoints int) {
	t.Helper()
	files := p.files(t)
	known := map[string]bool{}
	for _, name := range files {
		if path.Base(name) == "_metadata" {
			checkpoints++
			known[name] = true
			p.know(t, path.Dir(name), known)
		}
	}
	for _, name := range files {
		if !known[name] && !strings.HasPrefix(name, "_coordinator") {
			orphans = append(orphans, name)
		}
	}
	for name := range known {
		if !slices.Contains(files, name) {
			t.Errorf("%s is missing", name)
		}
	}
	hidden, err := p.hidden()
	must(t, err)
	return append(orphans, hidden...), checkpoints
}

// know adds the files that the metadata in the directory names.
func (p *place) know(t *testing.T, dir string, known map[string]bool) {
	t.Helper()
	at, err := p.stores.ResolveCheckpoint(t.Context(), p.access(t).JobDirectory()+"/"+dir)
	must(t, err)
	defer at.Close()
	data, err := at.ReadMetadata(t.Context())
	must(t, err)
	file, err := metadata.Decode(data, nil)
	must(t, err)
	for _, op := range file.Operators {
		for _, subtask := range op.Subtasks {
			if subtask.State == nil {
				continue
			}
			if keyed, ok := subtask.State.ManagedKeyedState.(*checkpoint.KeyGroupsStateHandle); ok {
				know(dir, keyed.Delegate, known)
			}
			if list := subtask.State.ManagedOperatorState; list != nil {
				know(dir, list.DelegateState(), known)
			}
		}
	}
}

func know(dir string, handle checkpoint.StreamStateHandle, known map[string]bool) {
	switch h := handle.(type) {
	case *checkpoint.RelativeFileStateHandle:
		known[dir+"/"+h.RelativePath] = true
	case *checkpoint.ByteStreamStateHandle:
	default:
		known[fmt.Sprintf("a %T", h)] = true // which is then missing
	}
}
