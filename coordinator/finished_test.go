package coordinator_test

import (
	"errors"
	"testing"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/coordinator"
	"github.com/cairnstate/cairn/job"
	"github.com/cairnstate/cairn/restore"
)

// A finished operator behind one that runs does not fit a job that starts. In a
// failover nobody asks: the graph is the one that the checkpoint was taken in.
func TestFinishedOperatorsAreCheckedAtTheStartOnly(t *testing.T) {
	j, err := job.New(
		job.Vertex{Parallelism: 1, Operators: []job.Operator{{ID: sourceID}}},
		job.Vertex{Parallelism: 1, Operators: []job.Operator{{ID: countID}}, Inputs: []job.Input{{From: 0}}},
	)
	if err != nil {
		t.Fatal(err)
	}
	w := &world{}
	md := &checkpoint.Metadata{CheckpointID: 17, Operators: []checkpoint.OperatorState{
		keyedOperator(sourceID), {ID: countID, Parallelism: 1, MaxParallelism: 128, FullyFinished: true},
	}}
	w.put(t, savepointPath, md)
	store := newStore(t, w, 1)
	c, err := coordinator.New(j, w, &coordinator.Options{Store: store, IDCounter: &counter{world: w, next: 1}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.RestoreSavepoint(t.Context(), settings(coordinator.NoClaim)); !errors.Is(err, restore.ErrFinishedState) {
		t.Errorf("savepoint: error %v", err)
	}
	if len(c.Completed()) != 0 {
		t.Error("what was refused is in the store")
	}
	own := w.own(18)
	own.Operators, own.MasterStates = md.Operators, nil
	if _, err := store.Add(t.Context(), own); err != nil {
		t.Fatal(err)
	}
	if _, err := c.RestoreInitial(t.Context(), settings(coordinator.NoClaim)); !errors.Is(err, restore.ErrFinishedState) {
		t.Errorf("start of the job: error %v", err)
	}
	restored, err := c.RestoreLatestToAll(t.Context())
	if err != nil {
		t.Fatalf("failover: %v", err)
	}
	if !restored.Assignment.Vertices[1].FinishedOnRestore {
		t.Error("the finished vertex is to run again")
	}
}
