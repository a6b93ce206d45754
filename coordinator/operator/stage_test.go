package operator_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/coordinator/operator"
	"github.com/cairnstate/cairn/task"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var errBroken = errors.New("broken")

// stage is a coordinator and subtasks that write down what they hear.
type stage struct {
	steps   *steps
	holder  *operator.Holder
	heard   []string
	subtask map[int32]*operator.Subtask
	fails   error  // what every call that may fail returns
	sends   error  // what sending an event comes to
	during  func() // happens once, while the coordinator is asked, or an event is sent
}

func (s *stage) meanwhile() {
	if during := s.during; during != nil {
		s.during = nil
		during()
	}
}

func newStage(t *testing.T) *stage {
	t.Helper()
	s := &stage{steps: new(steps), subtask: make(map[int32]*operator.Subtask)}
	s.holder = operator.New(checkpoint.OperatorIDFromUID("stage"), s, &operator.Options{
		Executor:    s.steps,
		FailSubtask: func(a task.ExecutionAttempt, cause error) { s.hear("fail %d.%d: %v", a.Subtask, a.Attempt, cause) },
		FailJob:     func(cause error) { s.hear("fail job: %v", cause) },
	})
	return s
}

func (s *stage) hear(format string, args ...any) {
	s.heard = append(s.heard, fmt.Sprintf(format, args...))
}

// run does all that is to be done, and returns what was heard.
func (s *stage) run() string {
	for s.steps.step() {
	}
	heard := strings.Join(s.heard, "; ")
	s.heard = nil
	return heard
}

func (s *stage) expect(t *testing.T, want string) {
	t.Helper()
	if got := s.run(); got != want {
		t.Errorf("heard %q, want %q", got, want)
	}
}

func (s *stage) ready(subtask, attempt int32) task.ExecutionAttempt {
	a := task.ExecutionAttempt{Subtask: subtask, Attempt: attempt}
	s.holder.SubtaskReady(a, gateway{s, a})
	s.run()
	return a
}

func (s *stage) ask(id int64) {
	s.holder.Checkpoint(context.Background(), id, func(state []byte, err error) {
		if err != nil {
			s.hear("no %d: %v", id, err)
		} else {
			s.hear("state of %d: %s", id, state)
		}
	})
}

func (s *stage) send(t *testing.T, subtask int32, event string) {
	t.Helper()
	if err := s.subtask[subtask].SendEvent([]byte(event)); err != nil {
		t.Fatal(err)
	}
}

func (s *stage) Start(context.Context) error { s.hear("start"); return s.fails }
func (s *stage) Close() error                { s.hear("close"); return s.fails }
func (s *stage) SubtaskReady(r *operator.Subtask) {
	s.hear("ready %d.%d", r.Index(), r.Attempt().Attempt)
	s.subtask[r.Index()] = r
}
func (s *stage) SubtaskFailed(subtask int32, cause error) { s.hear("failed %d: %v", subtask, cause) }
func (s *stage) SubtaskReset(subtask int32, id int64)     { s.hear("reset %d to %d", subtask, id) }
func (s *stage) NotifyCheckpointComplete(id int64)        { s.hear("complete %d", id) }
func (s *stage) NotifyCheckpointAborted(id int64)         { s.hear("aborted %d", id) }

func (s *stage) HandleEvent(subtask int32, event []byte) error {
	s.hear("%d says %s", subtask, event)
	return s.fails
}

func (s *stage) Checkpoint(ctx context.Context, id int64, seal func()) ([]byte, error) {
	s.hear("ask %d", id)
	seal()
	s.meanwhile()
	if ctx.Err() != nil {
		s.hear("no need of %d", id)
	}
	return fmt.Append(nil, "of ", id), s.fails
}

func (s *stage) ResetToCheckpoint(_ context.Context, id int64, state []byte) error {
	s.hear("reset to %d: %q", id, state)
	return s.fails
}

// gateway is an attempt.
type gateway struct {
	stage   *stage
	attempt task.ExecutionAttempt
}

func (g gateway) SendOperatorEvent(ctx context.Context, _ checkpoint.OperatorID, event []byte) error {
	g.stage.hear("%d.%d gets %s", g.attempt.Subtask, g.attempt.Attempt, event)
	g.stage.meanwhile()
	if ctx.Err() != nil {
		g.stage.hear("it is gone")
	}
	return g.stage.sends
}
