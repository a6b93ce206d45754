package operator_test

import (
	"context"
	"encoding/binary"
	"sync"
	"testing"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/coordinator/operator"
	"github.com/cairnstate/cairn/coordinator/work"
	"github.com/cairnstate/cairn/task"
)

// sower sends from goroutines of its own, under a lock of its own.
type sower struct {
	mu   sync.Mutex
	next uint64
	to   []*operator.Subtask
}

// sow sends an event to each subtask.
func (s *sower) sow() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, subtask := range s.to {
		if subtask.SendEvent(binary.BigEndian.AppendUint64(nil, s.next)) == nil {
			s.next++
		}
	}
}

func (s *sower) Start(context.Context) error                            { return nil }
func (s *sower) Close() error                                           { return nil }
func (s *sower) SubtaskFailed(int32, error)                             {}
func (s *sower) SubtaskReset(int32, int64)                              {}
func (s *sower) NotifyCheckpointComplete(int64)                         {}
func (s *sower) NotifyCheckpointAborted(int64)                          {}
func (s *sower) ResetToCheckpoint(context.Context, int64, []byte) error { return nil }
func (s *sower) HandleEvent(int32, []byte) error                        { s.sow(); return nil }

func (s *sower) SubtaskReady(subtask *operator.Subtask) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.to = append(s.to, subtask)
}

// Checkpoint writes the state outside of the lock, while others sow.
func (s *sower) Checkpoint(_ context.Context, _ int64, seal func()) ([]byte, error) {
	s.mu.Lock()
	next := s.next
	seal()
	s.mu.Unlock()
	s.sow()
	return binary.BigEndian.AppendUint64(nil, next), nil
}

// field is a subtask that counts. The first asks for more when it has some.
type field struct {
	mu    sync.Mutex
	count uint64
	more  chan<- struct{}
}

func (f *field) SendOperatorEvent(context.Context, checkpoint.OperatorID, []byte) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.count++
	select {
	case f.more <- struct{}{}:
	default:
	}
	return nil
}

func (f *field) snapshot() uint64 {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.count
}

// TestManyGoroutines takes checkpoints while several goroutines send: what has been
// sown by then must be what is in the fields.
func TestManyGoroutines(t *testing.T) {
	goroutines := new(work.Goroutines)
	s := new(sower)
	holder := operator.New(checkpoint.OperatorID{}, s, &operator.Options{Executor: goroutines})
	more := make(chan struct{}, 8)
	fields := make([]field, 4)
	fields[0].more = more
	for i := range fields {
		holder.SubtaskReady(task.ExecutionAttempt{Subtask: int32(i)}, &fields[i])
	}
	var sowers sync.WaitGroup
	for range 3 {
		sowers.Go(func() {
			s.sow()
			for range more {
				_ = holder.HandleEvent(task.ExecutionAttempt{}, nil)
			}
		})
	}
	for id := range int64(30) {
		takeOne(t, holder, id, fields)
	}
	if err := holder.Close(); err != nil {
		t.Error(err)
	}
	goroutines.Wait()
	close(more)
	sowers.Wait()
}

func takeOne(t *testing.T, holder *operator.Holder, id int64, fields []field) {
	t.Helper()
	state := make(chan uint64)
	holder.Checkpoint(t.Context(), id, func(b []byte, err error) {
		if err != nil {
			t.Error(err)
		}
		state <- binary.BigEndian.Uint64(b)
	})
	sown, grown := <-state, uint64(0)
	for i := range fields {
		grown += fields[i].snapshot()
		holder.Acknowledged(id, task.ExecutionAttempt{Subtask: int32(i)})
	}
	if sown != grown {
		t.Errorf("checkpoint %d: %d are sown, %d are in the fields", id, sown, grown)
	}
	holder.NotifyCheckpointComplete(id)
}
