package durable_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/checkpoint/metadata"
	"github.com/cairnstate/cairn/coordinator"
	"github.com/cairnstate/cairn/coordinator/completed"
	"github.com/cairnstate/cairn/coordinator/durable"
	"github.com/cairnstate/cairn/storage"
	"github.com/cairnstate/cairn/storage/backend"
	"github.com/cairnstate/cairn/storage/fs"
	"github.com/cairnstate/cairn/storage/mem"
)

var _ coordinator.IDCounter = (*durable.IDCounter)(nil)

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

var jobID = checkpoint.JobID{0xa1, 0xb2, 0xc3, 0xd4, 0xe5, 0xf6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16}

const (
	jobDirectory = "ck/a1b2c3d4e5f60708090a0b0c0d0e0f10"
	recordKey    = jobDirectory + "/_coordinator"
)

// swapless is a store without compare-and-swap.
type (
	verbs    = backend.Backend
	swapless struct{ verbs }
)

// stores is every kind of store that a record is kept on, empty.
func stores(t *testing.T) map[string]backend.Backend {
	t.Helper()
	local, err := fs.New(t.TempDir())
	must(t, err)
	return map[string]backend.Backend{"mem": new(mem.Backend), "fs": local, "swapless": swapless{new(mem.Backend)}}
}

// accessTo returns the job's access to the store.
func accessTo(t testing.TB, b backend.Backend) *storage.CheckpointStorageAccess {
	t.Helper()
	var registry backend.Registry
	registry.Register(func(context.Context, backend.Root) (backend.Backend, error) { return b, nil }, "far")
	s, err := storage.New(&registry, nil)
	if err != nil {
		t.Fatal(err)
	}
	a, err := s.CreateCheckpointStorage(context.Background(), jobID, "far://b/ck", &storage.AccessOptions{AllowVolatile: true})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// leading takes the job over, and recovers.
func leading(t *testing.T, b backend.Backend, name string) *durable.Store {
	t.Helper()
	s, err := durable.Open(t.Context(), accessTo(t, b), &durable.Options{Name: name})
	must(t, err)
	must(t, s.Recover(t.Context()))
	return s
}

func take(t *testing.T, s *durable.Store) int64 {
	t.Helper()
	id, err := s.IDCounter().GetAndIncrement(t.Context())
	must(t, err)
	return id
}

// published is a checkpoint of the job that is whole, and in no store.
func published(t testing.TB, b backend.Backend, id int64) *completed.Checkpoint {
	t.Helper()
	location, err := accessTo(t, b).InitializeLocationForCheckpoint(id)
	if err != nil {
		t.Fatal(err)
	}
	return publishedAt(t, location, id)
}

func publishedAt(t testing.TB, location *storage.CheckpointStorageLocation, id int64) *completed.Checkpoint {
	t.Helper()
	properties := checkpoint.CheckpointProperties(checkpoint.RetainOnCancellation)
	c := &completed.Checkpoint{
		ID: id, Properties: properties, CreatedAs: &properties, Owned: true,
		Triggered: time.Unix(1000+id, 1).UTC(), Completed: time.Unix(1001+id, 0).UTC(),
		MasterStates: []checkpoint.MasterState{{Name: "hook", Version: 1, Payload: []byte{byte(id)}}},
		Operators: []checkpoint.OperatorState{
			{ID: checkpoint.OperatorIDFromUID("source"), Parallelism: 1, MaxParallelism: 128, Coordinator: &checkpoint.ByteStreamStateHandle{HandleName: "c", Data: []byte("splits")}},
			{ID: checkpoint.OperatorIDFromUID("count"), Parallelism: 1, MaxParallelism: 128},
		},
	}
	data, err := metadata.Encode(&metadata.File{Version: metadata.CurrentVersion, Metadata: checkpoint.Metadata{
		CheckpointID: id, Operators: c.Operators, MasterStates: c.MasterStates, Properties: &properties,
	}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	stream, err := location.CreateMetadataOutputStream(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	defer stream.Close()
	if _, err := stream.Write(data); err != nil {
		t.Fatal(err)
	}
	if c.Location, err = stream.CloseAndFinalizeCheckpoint(); err != nil {
		t.Fatal(err)
	}
	return c
}

func ids(checkpoints []*completed.Checkpoint) string {
	var ids []string
	for _, c := range checkpoints {
		ids = append(ids, fmt.Sprint(c.ID))
	}
	return strings.Join(ids, " ")
}

// leftovers tells what a store has to finish.
func leftovers(s completed.Journal) string {
	var left []string
	for _, l := range s.Leftovers() {
		text := fmt.Sprint(l.ID)
		if l.Savepoint {
			text += "s"
		}
		if l.Discarding {
			text += "d"
		}
		if l.Ended {
			text += "e"
		}
		left = append(left, text)
	}
	return strings.Join(left, " ")
}

// state is the ledger as it is written.
func state(t *testing.T, b backend.Backend) map[string]any {
	t.Helper()
	data, _, err := accessTo(t, b).Record("_coordinator").Read(context.Background())
	must(t, err)
	var file struct{ State map[string]any }
	must(t, json.Unmarshal(data, &file))
	return file.State
}

func fenced(t *testing.T, what string, err error, leader string) {
	t.Helper()
	if !errors.Is(err, completed.ErrFenced) || !strings.Contains(err.Error(), leader) || !strings.Contains(err.Error(), "end this coordinator") {
		t.Errorf("%s: %v; want ErrFenced by %q, and what to do", what, err, leader)
	}
}
