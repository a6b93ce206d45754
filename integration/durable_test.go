package integration_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/checkpoint/metadata"
	"github.com/cairnstate/cairn/coordinator/completed"
	"github.com/cairnstate/cairn/coordinator/durable"
	"github.com/cairnstate/cairn/coordinator/sweep"
	"github.com/cairnstate/cairn/integration/servers"
	"github.com/cairnstate/cairn/storage"
	"github.com/cairnstate/cairn/storage/backend"
)

// led is a job whose coordinators come and go, in a place.
type led struct {
	t     *testing.T
	proxy *servers.Proxy // nil if nobody counts
	open  func() *storage.CheckpointStorageAccess
}

// TestLeading lets coordinators take a job over in each kind of store, one of them
// without compare-and-swap, and counts what the real ones are asked.
func TestLeading(t *testing.T) {
	minio, gcs := servers.StartMinIO(t), servers.StartGCS(t)
	beforeMinIO, beforeGCS := servers.StartProxy(t, minio.Endpoint), servers.StartProxy(t, gcs.Endpoint)
	for _, c := range []struct {
		place    place
		proxy    *servers.Proxy
		requests int // of one write
	}{
		{disk(t), nil, 0},
		{minioPlace(minio, beforeMinIO.Endpoint, "s3"), beforeMinIO, 2}, // HEAD, and a PUT with a condition
		{gcsPlace(gcs, beforeGCS.Endpoint), beforeGCS, 1},
	} {
		t.Run(c.place.name, func(t *testing.T) {
			if err := c.place.witness.MakeBucket(t.Context(), bucket); err != nil {
				t.Fatal(err)
			}
			l := &led{t: t, proxy: c.proxy, open: func() *storage.CheckpointStorageAccess {
				return accessIn(t, c.place.openWith(t, new(storage.Options)), c.place.root+"/ck", nil)
			}}
			l.overtaken(c.requests)
			l.oneLeads()
			l.ends("")
		})
	}
	t.Run("gocloud memblob", func(t *testing.T) {
		store := memblobStore(t)
		l := &led{t: t, open: func() *storage.CheckpointStorageAccess {
			var registry backend.Registry
			registry.Register(func(ctx context.Context, _ backend.Root) (backend.Backend, error) { return store.connect(ctx) }, "mem")
			s, err := storage.New(&registry, nil)
			if err != nil {
				t.Fatal(err)
			}
			return accessIn(t, s, "mem://demo/ck", &storage.AccessOptions{AllowVolatile: true})
		}}
		l.overtaken(0)
		l.oneLeads()
		l.ends("_coordinator _coordinator.d")
	})
}

func accessIn(t *testing.T, s *storage.BackendStorage, directory string, opts *storage.AccessOptions) *storage.CheckpointStorageAccess {
	t.Helper()
	access, err := s.CreateCheckpointStorage(t.Context(), checkpoint.JobID{4, 5, 6}, directory, opts)
	if err != nil {
		t.Fatal(err)
	}
	return access
}

func (l *led) lead(name string) (*durable.Store, *storage.CheckpointStorageAccess) {
	l.t.Helper()
	access := l.open()
	s, err := durable.Open(l.t.Context(), access, &durable.Options{Name: name})
	if err == nil {
		err = s.Recover(l.t.Context())
	}
	if err != nil {
		l.t.Fatal(err)
	}
	return s, access
}

// taken takes an id, and counts the requests if want is more than 0.
func (l *led) taken(s *durable.Store, want int) int64 {
	l.t.Helper()
	if l.proxy != nil {
		l.proxy.Expect()
	}
	id, err := s.IDCounter().GetAndIncrement(l.t.Context())
	if err != nil {
		l.t.Fatal(err)
	}
	if l.proxy != nil && want > 0 && len(l.proxy.Requests()) != want {
		l.t.Errorf("an id took %d requests, want %d:\n%s", len(l.proxy.Requests()), want, strings.Join(l.proxy.Requests(), "\n"))
	}
	return id
}

// published is a checkpoint with a shared file.
func (l *led) published(access *storage.CheckpointStorageAccess, id int64) *completed.Checkpoint {
	l.t.Helper()
	w := &written{t: l.t, storage: access.Storage(), access: access}
	location := w.location(id)
	properties := checkpoint.CheckpointProperties(checkpoint.NeverRetainAfterTermination)
	cp := &completed.Checkpoint{ID: id, Owned: true, Properties: properties}
	state := &checkpoint.KeyGroupsStateHandle{Delegate: w.fill(location, storage.SharedState, 1)[0], Range: checkpoint.KeyGroups(0, 0), Offsets: []int64{0}}
	cp.Operators = []checkpoint.OperatorState{{ID: checkpoint.OperatorIDFromUID("count"), Parallelism: 1, MaxParallelism: 1,
		Subtasks: []checkpoint.SubtaskState{{State: &checkpoint.OperatorSubtaskState{ManagedKeyedState: state}}}}}
	data, err := metadata.Encode(&metadata.File{Version: metadata.CurrentVersion, Metadata: checkpoint.Metadata{CheckpointID: id, Operators: cp.Operators, Properties: &properties}}, nil)
	if err == nil {
		cp.Location, err = w.publish(location, string(data))
	}
	if err != nil {
		l.t.Fatal(err)
	}
	return cp
}

// overtaken is a leader that has two checkpoints, of which one was pushed out, and one
// that it began; and the next, which sweeps.
func (l *led) overtaken(requests int) {
	old, access := l.lead("the old one")
	for _, pushed := range []int{0, 1} {
		cp := l.published(access, l.taken(old, requests))
		if subsumed, err := old.Add(l.t.Context(), cp); err != nil || len(subsumed) != pushed {
			l.t.Fatalf("subsumed %d, %v", len(subsumed), err)
		}
	}
	begun := l.taken(old, requests)
	late := l.published(access, begun)

	next, access := l.lead("the new one")
	if all := next.All(); len(all) != 1 || all[0].ID != 2 || len(next.Leftovers()) != 2 {
		l.t.Errorf("the new one finds %v, and %v left", all, next.Leftovers())
	}
	if _, err := old.Add(l.t.Context(), late); !errors.Is(err, completed.ErrFenced) || !strings.Contains(err.Error(), "the new one leads") {
		l.t.Errorf("the old one adds: %v", err)
	}
	facts, err := sweep.Look(l.t.Context(), access, next, nil)
	if err != nil {
		l.t.Fatal(err)
	}
	plan, err := sweep.Decide(facts)
	if err == nil {
		err = plan.Carry(l.t.Context(), access, next.Ended)
	}
	if err != nil || len(plan.Dispose) != 2 || len(plan.Shared) != 2 {
		l.t.Errorf("swept %v:\n%s", err, plan)
	}
	if left := l.left(access); left != "_coordinator chk-2 shared" && left != "_coordinator _coordinator.d chk-2 shared" {
		l.t.Errorf("left is %s", left)
	}
	if id := l.taken(next, requests); id != 4 {
		l.t.Errorf("the new one takes %d", id)
	}
}

// left are the directories and files in the job's directory.
func (l *led) left(access *storage.CheckpointStorageAccess) string {
	l.t.Helper()
	var names []string
	for file, err := range access.Files(l.t.Context()) {
		if err != nil {
			l.t.Fatal(err)
		}
		name, _, _ := strings.Cut(file.Name, "/")
		if len(names) == 0 || names[len(names)-1] != name {
			names = append(names, name)
		}
	}
	return strings.Join(names, " ")
}

// oneLeads lets eight take the job over at once: of those that did, one can do anything.
func (l *led) oneLeads() {
	results := make(chan *durable.Store, 8)
	for i := range cap(results) {
		access := l.open()
		go func() {
			s, err := durable.Open(l.t.Context(), access, &durable.Options{Name: fmt.Sprint("candidate ", i)})
			if err != nil && !errors.Is(err, completed.ErrFenced) {
				l.t.Errorf("candidate %d: %v", i, err)
			}
			results <- s
		}()
	}
	candidates := 0
	var opened []*durable.Store
	for range cap(results) {
		if s := <-results; s != nil {
			opened = append(opened, s)
		}
	}
	for _, s := range opened {
		switch _, err := s.IDCounter().GetAndIncrement(l.t.Context()); {
		case err == nil:
			candidates++
		case !errors.Is(err, completed.ErrFenced):
			l.t.Error(err)
		}
	}
	if candidates != 1 {
		l.t.Errorf("of %d who took over %d lead", len(opened), candidates)
	}
}

// ends finishes the job, and deletes what that gives up.
func (l *led) ends(want string) {
	s, access := l.lead("the last")
	discard, _, err := s.Shutdown(l.t.Context(), completed.Finished)
	if err != nil {
		l.t.Fatal(err)
	}
	for _, cp := range discard {
		md := checkpoint.Metadata{Operators: cp.Operators}
		var handles []checkpoint.StreamStateHandle
		for _, handle := range md.StreamStateHandles() {
			handles = append(handles, handle)
		}
		if err := storage.DisposeStorageLocation(l.t.Context(), cp.Location, handles); err != nil {
			l.t.Error(err)
		}
		s.Ended(cp.ID)
	}
	for _, left := range s.Leftovers() {
		s.Ended(left.ID)
	}
	if err := s.Conclude(l.t.Context()); err != nil {
		l.t.Error(err)
	}
	if left := l.left(access); left != want {
		l.t.Errorf("after the end left is %q, want %q", left, want)
	}
}
