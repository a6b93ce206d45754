package execution_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/execution"
	"github.com/cairnstate/cairn/task"
)

// A job whose tasks fail at any time, with the coordinator that takes its checkpoints:
// each life of a task begins with the newest checkpoint that was complete, and all of
// them with the same one.
func TestManyLives(t *testing.T) {
	restored := 0
	for seed := range uint64(40) {
		synctest.Test(t, func(t *testing.T) {
			w := newTown(t)
			random := rand.New(rand.NewPCG(seed, 9))
			g := w.run(program(t, 3, map[string]string{"execution.checkpointing.interval": "1 s"}))
			for range 60 {
				time.Sleep(time.Duration(random.IntN(900)) * time.Millisecond)
				w.mishap(g, random)
			}
			g.Cancel()
			w.wantEnd(g, execution.Cancelled)
			n, err := wrongLife(w.told())
			if err != nil {
				t.Fatalf("seed %d: %s", seed, err)
			}
			restored += n
		})
	}
	if restored < 1000 {
		t.Errorf("%d tasks began with a checkpoint: the test does not try much", restored)
	}
}

// mishap has something go wrong, or not.
func (w *town) mishap(g *execution.Graph, random *rand.Rand) {
	live := w.living()
	if len(live) == 0 {
		return
	}
	unlucky := live[random.IntN(len(live))]
	switch random.IntN(8) {
	case 0, 1:
		unlucky.end(task.Failed, errors.New("broken"))
	case 2:
		g.FailGlobal(errors.New("all is broken"))
	case 3:
		g.FailTask(unlucky.Attempt, errors.New("given up"))
	case 4:
		g.Coordinator().TriggerSavepoint("", checkpoint.Canonical)
	case 5:
		g.Coordinator().DeclineCheckpoint(w.t.Context(), task.Decline{Job: townJob, Attempt: unlucky.Attempt, CheckpointID: 1 + random.Int64N(40)})
	}
}

// wrongLife looks for a task that began with another checkpoint than the newest.
func wrongLife(story []string) (restored int, err error) {
	var newest int64
	for i, line := range story {
		var id int64
		if n, _ := fmt.Sscanf(line, "add %d to the store", &id); n == 1 {
			newest = max(newest, id)
		}
		_, from, began := strings.Cut(line, " from ")
		if !began || !strings.HasPrefix(line, "deploy") {
			if strings.HasPrefix(line, "deploy") && newest > 0 {
				return restored, fmt.Errorf("%q, after checkpoint %d", line, newest)
			}
			continue
		}
		restored++
		want := fmt.Sprintf("%d:", newest)
		parts := strings.Count(from, "@")
		if !strings.HasPrefix(from, want) || strings.Count(from, fmt.Sprintf("@%d[", newest)) != parts || parts == 0 {
			return restored, fmt.Errorf("%q, after checkpoint %d:\n%s", line, newest, strings.Join(story[:i], "\n"))
		}
	}
	return restored, nil
}
