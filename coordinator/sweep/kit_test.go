package sweep_test

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/checkpoint/metadata"
	"github.com/cairnstate/cairn/coordinator/completed"
	"github.com/cairnstate/cairn/coordinator/durable"
	"github.com/cairnstate/cairn/coordinator/sweep"
	"github.com/cairnstate/cairn/storage"
	"github.com/cairnstate/cairn/storage/backend"
	"github.com/cairnstate/cairn/storage/mem"
)

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// site is a job's place in a store, as one of its coordinators sees it.
type site struct {
	t      testing.TB
	store  backend.Backend
	access *storage.CheckpointStorageAccess
	*durable.Store
}

const jobDirectory = "far://b/ck/01000000000000000000000000000000"

// at takes the job over.
func at(t testing.TB, b backend.Backend) *site {
	t.Helper()
	return atJob(t, b, checkpoint.JobID{1})
}

func atJob(t testing.TB, b backend.Backend, job checkpoint.JobID) *site {
	t.Helper()
	s := &site{t: t, store: b, access: accessOf(t, b, job)}
	var err error
	s.Store, err = durable.Open(context.Background(), s.access, nil)
	must(t, err)
	must(t, s.Recover(context.Background()))
	return s
}

func accessOf(t testing.TB, b backend.Backend, job checkpoint.JobID) *storage.CheckpointStorageAccess {
	t.Helper()
	var registry backend.Registry
	registry.Register(func(context.Context, backend.Root) (backend.Backend, error) { return b, nil }, "far")
	s, err := storage.New(&registry, nil)
	must(t, err)
	access, err := s.CreateCheckpointStorage(context.Background(), job, "far://b/ck", &storage.AccessOptions{AllowVolatile: true})
	must(t, err)
	return access
}

func (s *site) take() int64 {
	s.t.Helper()
	id, err := s.IDCounter().GetAndIncrement(context.Background())
	must(s.t, err)
	return id
}

func (s *site) location(id int64) *storage.CheckpointStorageLocation {
	s.t.Helper()
	l, err := s.access.InitializeLocationForCheckpoint(id)
	must(s.t, err)
	return l
}

// savepoint begins one, in a directory of its own.
func (s *site) savepoint(id int64) *storage.CheckpointStorageLocation {
	s.t.Helper()
	l, err := s.access.InitializeLocationForSavepoint(context.Background(), "far://b/sp")
	must(s.t, err)
	must(s.t, s.Started(context.Background(), completed.Leftover{ID: id, Directory: l.ExclusiveDirectory(), Savepoint: true}))
	return l
}

// write writes a state file.
func (s *site) write(l *storage.CheckpointStorageLocation, scope storage.CheckpointedStateScope) checkpoint.StreamStateHandle {
	s.t.Helper()
	stream := l.CreateCheckpointStateOutputStream(context.Background(), scope)
	defer stream.Close()
	_, err := stream.Write(make([]byte, storage.DefaultInlineThreshold+1))
	must(s.t, err)
	handle, err := stream.CloseAndGetHandle()
	must(s.t, err)
	return handle
}

// publish makes a checkpoint of an id that was taken, with a file of its own and these
// shared ones.
func (s *site) publish(l *storage.CheckpointStorageLocation, id int64, shared ...checkpoint.StreamStateHandle) *completed.Checkpoint {
	s.t.Helper()
	state := &checkpoint.IncrementalRemoteKeyedStateHandle{
		BackendID: "8a3ba19c-7a5a-4a5e-9b0e-2f8a0ad0a001", Range: checkpoint.KeyGroups(0, 127), HandleID: "handle",
		MetaState: s.write(l, storage.ExclusiveState),
	}
	for i, handle := range shared {
		state.SharedState = append(state.SharedState, checkpoint.HandleAndLocalPath{LocalPath: fmt.Sprintf("%06d.sst", i), Handle: handle})
	}
	properties := checkpoint.CheckpointProperties(checkpoint.RetainOnCancellation)
	c := &completed.Checkpoint{
		ID: id, Owned: true, Properties: properties, Triggered: time.Unix(1, 0), Completed: time.Unix(2, 0),
		Operators: []checkpoint.OperatorState{{ID: checkpoint.OperatorIDFromUID("count"), Parallelism: 1, MaxParallelism: 128,
			Subtasks: []checkpoint.SubtaskState{{State: &checkpoint.OperatorSubtaskState{ManagedKeyedState: state}}}}},
	}
	data, err := metadata.Encode(&metadata.File{Version: metadata.CurrentVersion, Metadata: checkpoint.Metadata{
		CheckpointID: id, Operators: c.Operators, Properties: &properties}}, nil)
	must(s.t, err)
	stream, err := l.CreateMetadataOutputStream(context.Background())
	must(s.t, err)
	defer stream.Close()
	_, err = stream.Write(data)
	must(s.t, err)
	c.Location, err = stream.CloseAndFinalizeCheckpoint()
	must(s.t, err)
	return c
}

func (s *site) add(c *completed.Checkpoint) []*completed.Checkpoint {
	s.t.Helper()
	subsumed, err := s.Add(context.Background(), c)
	must(s.t, err)
	return subsumed
}

func (s *site) plan() (*sweep.Plan, error) {
	facts, err := sweep.Look(context.Background(), s.access, s, nil)
	if err != nil {
		return nil, err
	}
	return sweep.Decide(facts)
}

// sweep sweeps, and returns the plan.
func (s *site) sweep() *sweep.Plan {
	s.t.Helper()
	plan, err := s.plan()
	must(s.t, err)
	must(s.t, plan.Carry(context.Background(), s.access, s.Ended))
	return plan
}

// files are those in the store by their names: a directory with a checkpoint in it has
// a star, and each file of shared is "shared".
func files(t testing.TB, b backend.Backend) string {
	t.Helper()
	count := make(map[string]int)
	complete := make(map[string]bool)
	for info, err := range b.List(context.Background(), "") {
		must(t, err)
		parts := strings.Split(info.Key, "/")
		if len(parts) < 2 || strings.HasPrefix(parts[len(parts)-1], "_coordinator") {
			continue
		}
		dir := parts[len(parts)-2]
		count[dir]++
		complete[dir] = complete[dir] || parts[len(parts)-1] == storage.MetadataFileName
	}
	var texts []string
	for dir, n := range count {
		star := ""
		if complete[dir] {
			star = "*"
		}
		texts = append(texts, fmt.Sprintf("%s%s:%d", dir, star, n))
	}
	slices.Sort(texts)
	return strings.Join(texts, " ")
}

func put(t testing.TB, b backend.Backend, key, content string) {
	t.Helper()
	w, err := b.Create(context.Background(), key, nil)
	must(t, err)
	defer w.Close()
	_, err = w.Write([]byte(content))
	must(t, err)
	must(t, w.Commit())
}

func newStore() *mem.Backend { return new(mem.Backend) }

type memory = mem.Backend

func (s silent) Open(ctx context.Context, key string, opts *backend.OpenOptions) (backend.Reader, error) {
	if strings.HasSuffix(key, s.suffix) {
		return nil, &backend.Error{Backend: "far", Op: "open", Key: key, Err: backend.ErrTransient}
	}
	return s.memory.Open(ctx, key, opts)
}

func (s silent) List(ctx context.Context, prefix string) iter.Seq2[backend.Info, error] {
	if strings.HasSuffix(prefix, s.suffix) {
		return func(yield func(backend.Info, error) bool) {
			yield(backend.Info{}, &backend.Error{Backend: "far", Op: "list", Key: prefix, Err: backend.ErrTransient})
		}
	}
	return s.memory.List(ctx, prefix)
}
