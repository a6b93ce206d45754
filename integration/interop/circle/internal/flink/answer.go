package flink

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/task"
)

// event is what a task says.
type event struct {
	Event      string // acknowledge or decline
	Vertex     int
	Subtask    int32
	Checkpoint int64

	Snapshot           *string  // metadata of a checkpoint in which only this subtask has state, in hex
	Placeholders       []string // names of inline handles in it that are none
	DeployedAsFinished bool
	Finished           bool
	Persisted          int64
	Total              int64
	Unaligned          bool

	Reason, Message string // of a decline
}

// Forward tells the responder what tasks say, one after another, until the job has
// ended.
func (j *Job) Forward(to task.Responder) {
	for e := range j.events {
		if err := j.tell(to, e); err != nil {
			fmt.Fprintln(os.Stderr, err) // the checkpoint will not complete, and the test that waits for it fails
		}
	}
}

func (j *Job) tell(to task.Responder, e event) error {
	if e.Event == "decline" {
		to.DeclineCheckpoint(context.Background(), task.Decline{
			Job: j.ID, Attempt: j.attempt(e.Vertex, e.Subtask), CheckpointID: e.Checkpoint,
			Cause: &checkpoint.Failure{Reason: checkpoint.FailureReason(e.Reason), Cause: errors.New(e.Message)},
		})
		return nil
	}
	state, err := e.snapshot()
	if err != nil {
		return fmt.Errorf("flink: acknowledgement of checkpoint %d by subtask %d of vertex %d: %w", e.Checkpoint, e.Subtask, e.Vertex, err)
	}
	j.acknowledged(e)
	to.AcknowledgeCheckpoint(context.Background(), task.Acknowledgement{
		Job: j.ID, Attempt: j.attempt(e.Vertex, e.Subtask), CheckpointID: e.Checkpoint, State: state,
		Metrics: task.Metrics{CheckpointedBytes: e.Persisted, FullStateBytes: e.Total, UnalignedCheckpoint: e.Unaligned},
	})
	return nil
}
