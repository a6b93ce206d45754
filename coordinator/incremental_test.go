package coordinator_test

import (
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/coordinator"
	"github.com/cairnstate/cairn/job/checkpointing"
	"github.com/cairnstate/cairn/storage"
	"github.com/cairnstate/cairn/task"
)

// incremental is what count0 says of a checkpoint whose state is these files, which it
// shares with others; the other tasks have none.
func (s *stage) incremental(id int64, files ...checkpoint.StreamStateHandle) task.Acknowledgement {
	s.t.Helper()
	state := &checkpoint.IncrementalRemoteKeyedStateHandle{
		BackendID: "8a3ba19c-7a5a-4a5e-9b0e-2f8a0ad0a001", Range: checkpoint.KeyGroups(0, 63), CheckpointID: id,
		MetaState: &checkpoint.ByteStreamStateHandle{HandleName: "meta", Data: []byte("m")}, HandleID: fmt.Sprint("handle ", id),
	}
	for i, file := range files {
		state.SharedState = append(state.SharedState, checkpoint.HandleAndLocalPath{LocalPath: fmt.Sprintf("%06d.sst", i), Handle: file})
	}
	return task.Acknowledgement{Job: stageJob, Attempt: s.attempt("count0"), CheckpointID: id, State: &task.Snapshot{
		Operators: map[checkpoint.OperatorID]*checkpoint.OperatorSubtaskState{countID: {ManagedKeyedState: state}}}}
}

// take one checkpoint whose state is these files.
func (s *stage) takeIncremental(id int64, files ...checkpoint.StreamStateHandle) {
	s.t.Helper()
	p := s.TriggerCheckpoint(coordinator.Configured)
	synctest.Wait()
	s.AcknowledgeCheckpoint(s.t.Context(), s.incremental(id, files...))
	s.acknowledge(id, "source0", "source1", "count1")
	s.kept(p, id)
}

// upload has count0 write a file that checkpoints may share.
func (s *stage) upload(id int64) *checkpoint.FileStateHandle {
	s.t.Helper()
	return s.write(id, storage.SharedState).(*checkpoint.FileStateHandle)
}

// instead says: that file again.
func instead(of *checkpoint.FileStateHandle) *checkpoint.PlaceholderStreamStateHandle {
	return &checkpoint.PlaceholderStreamStateHandle{PhysicalID: of.Path, Size: of.Size}
}

func (s *stage) sharedGarbage() []string {
	synctest.Wait()
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.shared)
}

func (s *stage) noSharedGarbage() {
	s.t.Helper()
	if got := s.sharedGarbage(); len(got) > 0 {
		s.t.Fatalf("deleted %v, which is in use", got)
	}
}

// A file goes when the last checkpoint that names it has gone. A placeholder stands for
// the file that came before, in the task's answer only, never in a checkpoint.
func TestSharedFiles(t *testing.T) {
	onStage(t, script{}, func(t *testing.T, s *stage) {
		p := s.TriggerCheckpoint(coordinator.Configured)
		synctest.Wait()
		first := s.upload(1)
		s.AcknowledgeCheckpoint(t.Context(), s.incremental(1, first))
		s.acknowledge(1, "source0", "source1", "count1")
		s.kept(p, 1)

		s.takeIncremental(2, instead(first))
		handle := s.Completed()[0].Operators[1].Subtasks[0].State.ManagedKeyedState.(*checkpoint.IncrementalRemoteKeyedStateHandle).SharedState[0].Handle
		if got, ok := handle.(*checkpoint.FileStateHandle); !ok || *got != *first {
			t.Errorf("checkpoint 2 has %+v, want %+v", handle, first)
		}
		s.noSharedGarbage()
		s.takeIncremental(3)
		if got := s.sharedGarbage(); !slices.Equal(got, []string{first.Path}) {
			t.Errorf("deleted %v, want %v", got, first.Path)
		}
		if got := s.discarded(); fmt.Sprint(got) != "[1 2]" {
			t.Errorf("discarded %v", got)
		}
	})
}

// A placeholder for what nobody has is a task's mistake: its checkpoint would lose state.
func TestPlaceholderForNothing(t *testing.T) {
	onStage(t, script{}, func(t *testing.T, s *stage) {
		p := s.TriggerCheckpoint(coordinator.Configured)
		synctest.Wait()
		s.AcknowledgeCheckpoint(t.Context(), s.incremental(1, instead(&checkpoint.FileStateHandle{Path: "mem://jobs/nowhere", Size: 9})))
		s.broken(p, checkpoint.CheckpointDeclined)
	})
}

// What else that task has written is not lost sight of.
func TestFilesBesideAPlaceholderForNothing(t *testing.T) {
	onStage(t, script{}, func(t *testing.T, s *stage) {
		s.TriggerCheckpoint(coordinator.Configured)
		synctest.Wait()
		ack := s.incremental(1, instead(&checkpoint.FileStateHandle{Path: "mem://jobs/nowhere", Size: 9}))
		var files []string
		for i := range byte(20) {
			file := s.upload(1)
			files = append(files, file.Path)
			ack.State.Operators[checkpoint.OperatorID{i}] = s.incremental(1, file).State.Operators[countID]
		}
		s.AcknowledgeCheckpoint(t.Context(), ack)
		s.takeIncremental(2)
		got := s.sharedGarbage()
		slices.Sort(got)
		slices.Sort(files)
		if !slices.Equal(got, files) {
			t.Errorf("%d of %d files are deleted", len(got), len(files))
		}
	})
}

// Files of a checkpoint that came to nothing may be built upon by the next, as long as
// nobody told the task otherwise; if they are not, they go when the next is complete.
func TestSharedFilesOfAborted(t *testing.T) {
	for name, reuse := range map[string]bool{"built upon": true, "left": false} {
		t.Run(name, func(t *testing.T) {
			config := func(c *checkpointing.Config) { c.TolerableFailures, c.MaxConcurrent = 9, 2 }
			onStage(t, script{config: config}, func(t *testing.T, s *stage) {
				s.TriggerCheckpoint(coordinator.Configured)
				p := s.TriggerCheckpoint(coordinator.Configured)
				synctest.Wait()
				file := s.upload(1)
				s.AcknowledgeCheckpoint(t.Context(), s.incremental(1, file))
				s.decline(1, "source1", nil)
				s.noSharedGarbage()
				second := s.incremental(2)
				if reuse {
					second = s.incremental(2, instead(file))
				}
				s.AcknowledgeCheckpoint(t.Context(), second)
				s.acknowledge(2, "source0", "source1", "count1")
				s.kept(p, 2)
				if got := s.sharedGarbage(); reuse && len(got) > 0 || !reuse && !slices.Equal(got, []string{file.Path}) {
					t.Errorf("deleted %v", got)
				}
			})
		})
	}
}

// A file that is reported when its checkpoint has expired is not forgotten: it goes as
// soon as a newer one that does not use it is complete.
func TestSharedFilesThatComeLate(t *testing.T) {
	config := func(c *checkpointing.Config) { c.TolerableFailures = 9 }
	onStage(t, script{config: config}, func(t *testing.T, s *stage) {
		s.TriggerCheckpoint(coordinator.Configured)
		synctest.Wait()
		file := s.upload(1)
		time.Sleep(10 * time.Minute)
		if !s.AcknowledgeCheckpoint(t.Context(), s.incremental(1, file)) {
			t.Error("an expired checkpoint is not known")
		}
		s.noSharedGarbage()
		s.takeIncremental(2)
		if got := s.sharedGarbage(); !slices.Equal(got, []string{file.Path}) {
			t.Errorf("deleted %v, want %v", got, file.Path)
		}
	})
}

// A savepoint shares nothing: what it names is not the job's to delete, nor to build on.
func TestSavepointsShareNothing(t *testing.T) {
	onStage(t, script{}, func(t *testing.T, s *stage) {
		p := s.TriggerSavepoint("", checkpoint.Native)
		synctest.Wait()
		file := s.upload(1)
		s.AcknowledgeCheckpoint(t.Context(), s.incremental(1, file))
		s.acknowledge(1, "source0", "source1", "count1")
		s.kept(p, 1)
		s.takeIncremental(2)
		s.takeIncremental(3)
		s.noSharedGarbage()
	})
}
