//go:build interop

package circle

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/coordinator/masterhook"
	"github.com/cairnstate/cairn/task"
)

func (s *scenario) makePartners() {
	s.partners = map[checkpoint.OperatorID]*partner{}
	for _, op := range s.operators() {
		if s.chance(0.3) {
			s.partners[op] = &partner{}
		}
	}
	for i := range s.rng.IntN(3) {
		s.hooks = append(s.hooks, &randomHook{identifier: fmt.Sprintf("hook %d 🪨", i)})
	}
}

func (s *scenario) operators() (ids []checkpoint.OperatorID) {
	for _, v := range s.job.Vertices() {
		for _, op := range v.Operators {
			ids = append(ids, op.ID)
		}
	}
	return ids
}

// bytes returns nothing, no bytes, or some.
func (s *scenario) bytes() []byte {
	if s.chance(0.2) {
		return nil
	}
	b := make([]byte, s.rng.IntN(100))
	for i := range b {
		b[i] = byte(s.rng.Uint32())
	}
	return b
}

func (s *scenario) hookState() *masterhook.State {
	if s.chance(0.2) {
		return nil
	}
	return &masterhook.State{Version: int32(s.rng.Uint32()), Payload: append([]byte{}, s.bytes()...)}
}

// partner is an operator coordinator.
type partner struct {
	mu    sync.Mutex
	state []byte
}

func (p *partner) set(state []byte) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.state = state
}

// saved returns its state, and nothing of none.
func (p *partner) saved() []byte {
	if p == nil {
		return nil
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.state
}

func (p *partner) Checkpoint(_ context.Context, _ int64, answer func([]byte, error)) {
	go answer(p.saved(), nil)
}

func (p *partner) Acknowledged(int64, task.ExecutionAttempt) {}

func (p *partner) NotifyCheckpointComplete(int64) {}

func (p *partner) NotifyCheckpointAborted(int64) {}

func (p *partner) ResetToCheckpoint(context.Context, int64, []byte) error { return nil }

func (p *partner) SubtaskReset(int32, int64) {}

// randomHook is a hook.
type randomHook struct {
	masterHook
	identifier string
	state      *masterhook.State
}

func (h *randomHook) Identifier() string { return h.identifier }

func (h *randomHook) TriggerCheckpoint(context.Context, int64, time.Time) (*masterhook.State, error) {
	return h.state, nil
}
