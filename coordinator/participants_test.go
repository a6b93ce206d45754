package coordinator_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/coordinator"
	"github.com/cairnstate/cairn/coordinator/masterhook"
	"github.com/cairnstate/cairn/task"
)

// slowCoordinator is an operator's coordinator that answers when it is told to, or
// when it hears that nobody waits any more.
type slowCoordinator struct {
	mu    sync.Mutex
	asked []int64
	heard []string
	reply func([]byte, error)
}

func (o *slowCoordinator) Checkpoint(ctx context.Context, id int64, answer func([]byte, error)) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.asked = append(o.asked, id)
	var once sync.Once
	o.reply = func(state []byte, err error) { once.Do(func() { answer(state, err) }) }
	reply := o.reply
	context.AfterFunc(ctx, func() { reply(nil, context.Cause(ctx)) })
}

func (o *slowCoordinator) answer(state []byte, err error) {
	o.mu.Lock()
	reply := o.reply
	o.mu.Unlock()
	reply(state, err)
}

func (o *slowCoordinator) hears(format string, args ...any) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.heard = append(o.heard, fmt.Sprintf(format, args...))
}

func (o *slowCoordinator) take() string {
	synctest.Wait()
	o.mu.Lock()
	defer o.mu.Unlock()
	heard := strings.Join(o.heard, "; ")
	o.heard = nil
	return heard
}

func (o *slowCoordinator) Acknowledged(int64, task.ExecutionAttempt) {}
func (o *slowCoordinator) NotifyCheckpointComplete(id int64)         { o.hears("complete %d", id) }
func (o *slowCoordinator) NotifyCheckpointAborted(id int64)          { o.hears("aborted %d", id) }
func (o *slowCoordinator) SubtaskReset(int32, int64)                 {}

func (o *slowCoordinator) ResetToCheckpoint(context.Context, int64, []byte) error { return nil }

// stageHook is a master hook; state is what it answers.
type stageHook struct {
	name  string
	state func() (*masterhook.State, error)
	asked []int64
	at    time.Time
}

func (h *stageHook) Identifier() string { return h.name }
func (h *stageHook) TriggerCheckpoint(_ context.Context, id int64, at time.Time) (*masterhook.State, error) {
	h.asked, h.at = append(h.asked, id), at
	return h.state()
}
func (h *stageHook) Decode(int32, []byte) (any, error)                   { return nil, nil }
func (h *stageHook) RestoreCheckpoint(context.Context, int64, any) error { return nil }
func (h *stageHook) Reset(context.Context) error                         { return nil }
func (h *stageHook) Close() error                                        { return nil }

func stateful(payload string) func() (*masterhook.State, error) {
	return func() (*masterhook.State, error) { return &masterhook.State{Version: 3, Payload: []byte(payload)}, nil }
}

func stateless() (*masterhook.State, error) { return nil, nil }

// withParticipants gives a stage an operator coordinator and these hooks.
func withParticipants(t *testing.T, s *stage, hooks ...*stageHook) *slowCoordinator {
	t.Helper()
	oc := &slowCoordinator{}
	if err := s.AddOperatorCoordinator(sourceID, oc); err != nil {
		t.Fatal(err)
	}
	for _, hook := range hooks {
		if err := s.AddMasterHook(hook); err != nil {
			t.Fatal(err)
		}
	}
	return oc
}

// Operator coordinators have saved their state before hooks are asked, and hooks before
// any task has a barrier. What they saved is in the checkpoint.
func TestOrderOfParticipants(t *testing.T) {
	onStage(t, script{}, func(t *testing.T, s *stage) {
		first, second := &stageHook{name: "first", state: stateful("position")}, &stageHook{name: "second", state: stateless}
		oc := withParticipants(t, s, first, second)
		p := s.TriggerCheckpoint(coordinator.Configured)
		triggered := time.Now()
		time.Sleep(time.Second)
		synctest.Wait()
		if len(oc.asked) != 1 || len(first.asked)+len(second.asked) > 0 {
			t.Errorf("asked: coordinator %v, hooks %v %v", oc.asked, first.asked, second.asked)
		}
		s.hear()
		oc.answer([]byte("splits"), nil)
		s.hear(barriers(1)...)
		if len(first.asked) != 1 || len(second.asked) != 1 || !first.at.Equal(triggered) {
			t.Errorf("hooks were asked %v %v, at %v", first.asked, second.asked, first.at)
		}
		s.acknowledgeAll(1)
		s.kept(p, 1)
		cp, _ := p.Result()
		if got := cp.Operators[0].Coordinator; got == nil || string(got.Data) != "splits" {
			t.Errorf("coordinator state %+v", got)
		}
		if got := cp.MasterStates; len(got) != 1 || got[0].Name != "first" || got[0].Version != 3 || string(got[0].Payload) != "position" {
			t.Errorf("master states %+v", got)
		}
		if got := oc.take(); got != "complete 1" {
			t.Errorf("the coordinator heard %q", got)
		}
	})
}

// Whoever fails to save its state ends the checkpoint, before a task has heard of it;
// and the next one is asked for as if nothing had been.
func TestParticipantsFail(t *testing.T) {
	for name, fail := range map[string]func(*slowCoordinator, *stageHook){
		"coordinator": func(oc *slowCoordinator, _ *stageHook) { oc.answer(nil, errBroken) },
		"hook": func(oc *slowCoordinator, h *stageHook) {
			h.state = func() (*masterhook.State, error) { return nil, errBroken }
			oc.answer(nil, nil)
		},
	} {
		t.Run(name, func(t *testing.T) {
			onStage(t, script{}, func(t *testing.T, s *stage) {
				hook := &stageHook{name: "hook", state: stateless}
				oc := withParticipants(t, s, hook)
				p := s.TriggerCheckpoint(coordinator.Configured)
				synctest.Wait()
				fail(oc, hook)
				s.broken(p, checkpoint.TriggerCheckpointFailure)
				if _, err := p.Result(); !errors.Is(err, errBroken) {
					t.Errorf("%v does not say why", err)
				}
				if strings.Contains(s.take(), "barrier") {
					t.Error("a task has heard of it")
				}
				if got := oc.take(); got != "aborted 1" {
					t.Errorf("the coordinator heard %q", got)
				}
				hook.state = stateless
				p = s.TriggerCheckpoint(coordinator.Configured)
				synctest.Wait()
				oc.answer(nil, nil)
				s.acknowledgeAll(2)
				s.kept(p, 2)
			})
		})
	}
}

// A coordinator that takes too long: the checkpoint expires, its answer is worth
// nothing, no task hears a barrier; and the next is not held up.
func TestSlowCoordinator(t *testing.T) {
	onStage(t, script{}, func(t *testing.T, s *stage) {
		hook := &stageHook{name: "hook", state: stateless}
		oc := withParticipants(t, s, hook)
		p := s.TriggerCheckpoint(coordinator.Configured)
		time.Sleep(10 * time.Minute)
		s.broken(p, checkpoint.CheckpointExpired)
		oc.answer([]byte("too late"), nil)
		if strings.Contains(s.take(), "barrier") || len(hook.asked) > 0 {
			t.Error("it went on")
		}
		p = s.TriggerCheckpoint(coordinator.Configured)
		synctest.Wait()
		oc.answer(nil, nil)
		s.hear(barriers(2)...)
		s.acknowledgeAll(2)
		s.kept(p, 2)
	})
}
