package main

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"testing"
	"time"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/coordinator/statistics"
	"github.com/cairnstate/cairn/coordinator/statistics/meter"
	"github.com/cairnstate/cairn/task"
)

// TestPageHasTheNamesOfPrometheus exports the metrics of checkpoints as this command
// exports its own, and compares the names with docs/watching-checkpoints.md.
func TestPageHasTheNamesOfPrometheus(t *testing.T) {
	var tracker statistics.Tracker
	vertex := checkpoint.JobVertexID{1}
	tracker.ReportRestored(statistics.RestoredCheckpoint{At: time.Now()})
	tracker.ReportPending(statistics.Pending{CheckpointID: 7, Triggered: time.Now(), Tasks: []statistics.TaskSize{{Vertex: vertex, Subtasks: 1}}})
	tracker.ReportTaskAcknowledged(7, task.ExecutionAttempt{Vertex: vertex}, time.Now(), task.Metrics{})
	tracker.ReportCompleted(7, "chk-7", 1)
	m, err := newMetrics()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := meter.Register(m.meter(), tracker.Snapshot); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "cairn.prom")
	if err := m.write(t.Context(), file); err != nil {
		t.Fatal(err)
	}
	exported, named := checkpointMetrics(t, file), checkpointMetrics(t, "../../docs/watching-checkpoints.md")
	if !slices.Equal(exported, named) {
		t.Errorf("exported %q\nthe page has %q", exported, named)
	}
}

func checkpointMetrics(t *testing.T, file string) []string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	names := regexp.MustCompile(`cairn_checkpoint_[a-z_]+`).FindAllString(string(text), -1)
	slices.Sort(names)
	return slices.Compact(names)
}
