//go:build interop

package interop

import (
	"encoding/binary"
	"os"
	"path/filepath"
	"testing"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/checkpoint/metadata"
)

// TestRefused holds that both refuse what is not metadata, or not any more, or
// not yet; and pins the one thing that we read and the newest Flink does not.
func TestRefused(t *testing.T) {
	f := theFlink(t)
	const magic = 0x4960672D
	for _, c := range []struct {
		name string
		data []byte
		read bool // by us
	}{
		{"nothing", nil, false},
		{"a lone magic", header(magic), false},
		{"another magic", header(magic+1, 6, 0, 1, 0, 0), false},
		{"Flink 1.1", header(magic, 0, 0, 1, 0, 0), false},
		{"Flink 1.2", header(magic, 1, 0, 1, 0, 0), false},
		{"a proposal", header(magic, 7, 0, 1, 0, 0), false},
		{"the future", header(magic, 99, 0, 1, 0, 0), false},
		{"a negative checkpoint id", header(magic, 3, 1<<31, 1, 0, 0), false},
		{"a negative number of master states", header(magic, 3, 0, 1, 1<<31, 0), false},
		{"a state that is taken and null", nullOperatorState(t), true},
	} {
		t.Run(c.name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "_metadata")
			if err := os.WriteFile(file, c.data, 0o644); err != nil {
				t.Fatal(err)
			}
			older := c.read && release != "" // which may read it
			if theirs := f.dumps(t, file, 1)[file]; theirs["error"] == nil && !older {
				t.Errorf("Flink reads it: %v", theirs)
			}
			if _, err := metadata.Decode(c.data, nil); (err == nil) != c.read {
				t.Errorf("our error is %v", err)
			}
		})
	}
}

func header(words ...uint32) []byte {
	var b []byte
	for _, w := range words {
		b = binary.BigEndian.AppendUint32(b, w)
	}
	return b
}

func nullOperatorState(t *testing.T) []byte {
	t.Helper()
	data, err := metadata.Encode(&metadata.File{
		Version: metadata.Version3,
		Metadata: checkpoint.Metadata{Operators: []checkpoint.OperatorState{{
			Parallelism: 1, MaxParallelism: 1,
			Subtasks: []checkpoint.SubtaskState{{State: &checkpoint.OperatorSubtaskState{
				ManagedOperatorState: &checkpoint.NullOperatorStateHandle{},
			}}},
		}}},
	}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return data
}
