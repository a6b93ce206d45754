package integration_test

import (
	"errors"
	"io/fs"
	"strings"
	"testing"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/checkpoint/metadata"
	"github.com/cairnstate/cairn/coordinator"
	"github.com/cairnstate/cairn/coordinator/masterhook"
	"github.com/cairnstate/cairn/restore"
	"github.com/cairnstate/cairn/storage"
)

// refusal is an attempt to restore a savepoint, or to read its state, that must
// fail in the same way in every place.
type refusal struct {
	name  string
	try   func(a *attempt) error
	want  error
	words string // that the error says
}

// testRefusals makes each attempt in each place.
func testRefusals(t *testing.T, all []place) {
	c := caseNamed(t, "2.3.0/hashmap-savepoint")
	for _, refusals := range [][]refusal{pointerRefusals(), metadataRefusals(), jobRefusals(), stateRefusals()} {
		for _, r := range refusals {
			for _, p := range all {
				t.Run(r.name+"/"+p.name, func(t *testing.T) {
					err := r.try(newAttempt(t, p, c))
					if !errors.Is(err, r.want) || !strings.Contains(err.Error(), r.words) {
						t.Errorf("the error is %v\nwant %v, and the words %q", err, r.want, r.words)
					}
				})
			}
		}
	}
}

func pointerRefusals() []refusal {
	nowhere := func(a *attempt) error { return a.restore(a.at("nowhere")) }
	return []refusal{
		{"nothing is there", nowhere, storage.ErrNotFound, "/nowhere"},
		{"nothing is there, in the words of package fs", nowhere, fs.ErrNotExist, "/nowhere"},
		{"a directory without metadata", func(a *attempt) error {
			a.put("savepoint-1/_metadata", a.metadata)
			return a.restore(a.at(""))
		}, storage.ErrNotFound, "point at one of them, as "},
		{"a scheme that nobody serves", func(a *attempt) error {
			return a.restore("hdfs://namenode/flink/savepoint-1")
		}, storage.ErrUnsupportedScheme, "hdfs"},
		{"no pointer", func(a *attempt) error {
			return a.restore("")
		}, coordinator.ErrNoPath, ""},
	}
}

func metadataRefusals() []refusal {
	is := func(data string) func(a *attempt) error {
		return func(a *attempt) error { return a.restore(a.put("_metadata", []byte(data))) }
	}
	return []refusal{
		{"something else than metadata", is("once upon a time"), metadata.ErrNotMetadata, "/_metadata"},
		{"an old version", is("\x49\x60\x67\x2d\x00\x00\x00\x01old"), metadata.ErrUnsupportedVersion, "version 1"},
		{"a version that nobody knows", is("\x49\x60\x67\x2d\x00\x00\x00\x63new"), metadata.ErrUnsupportedVersion, "version 99"},
		{"nothing at all", is(""), metadata.ErrNotMetadata, "/_metadata"},
		{"half of the metadata", func(a *attempt) error {
			return a.restore(a.put("_metadata", a.metadata[:len(a.metadata)/2]))
		}, metadata.ErrCorrupt, "/_metadata"},
	}
}

func jobRefusals() []refusal {
	return []refusal{
		{"state without operator", func(a *attempt) error {
			a.vertices = a.vertices[:len(a.vertices)-1]
			return a.restore(a.savepoint())
		}, restore.ErrUnmappedState, "allow non-restored state"},
		{"another max parallelism", func(a *attempt) error {
			a.vertices[0].MaxParallelism = 64
			return a.restore(a.savepoint())
		}, restore.ErrMaxParallelism, "64"},
		{"more subtasks than key groups", func(a *attempt) error {
			a.vertices[0].Parallelism = 129
			return a.restore(a.savepoint())
		}, restore.ErrParallelismTooHigh, "129"},
		{"state of a master hook that the job lacks", func(a *attempt) error {
			a.snapshot.MasterStates = []masterState{{Name: "another hook"}}
			return a.restore(a.savepoint())
		}, masterhook.ErrUnmatchedState, "master-hook"},
	}
}

// stateRefusals are savepoints that fit, and whose state cannot be read. What is
// outside is really there, so that only a rule keeps it from being read.
func stateRefusals() []refusal {
	leadsTo := func(handle func(a *attempt) checkpoint.StreamStateHandle) func(a *attempt) error {
		return func(a *attempt) error {
			a.put("../secret", []byte("secret"))
			return a.restore(a.put("_metadata", a.leadingTo(handle(a))))
		}
	}
	return []refusal{
		{"a relative path that leads out", leadsTo(func(*attempt) checkpoint.StreamStateHandle {
			return &checkpoint.RelativeFileStateHandle{RelativePath: "../secret", Size: 6}
		}), storage.ErrOutsideAllowed, "secret"},
		{"an absolute path beside the savepoint", leadsTo(func(a *attempt) checkpoint.StreamStateHandle {
			return &checkpoint.FileStateHandle{Path: a.at("../secret"), Size: 6}
		}), storage.ErrOutsideAllowed, "secret"},
		{"a path on the disk of whoever restores", leadsTo(func(*attempt) checkpoint.StreamStateHandle {
			return &checkpoint.FileStateHandle{Path: "file:/etc/passwd", Size: 6}
		}), storage.ErrOutsideAllowed, "/etc/passwd"},
		{"state that is missing", func(a *attempt) error {
			return a.restore(a.put("_metadata", a.metadata))
		}, fs.ErrNotExist, "state"},
		{"state that is cut off", func(a *attempt) error {
			return a.restore(a.savepointWith(func(state []byte) []byte { return state[:len(state)-1] }))
		}, storage.ErrTruncated, "state"},
	}
}
