package coordinator

import (
	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/coordinator/completed"
	"github.com/cairnstate/cairn/coordinator/statistics"
	"github.com/cairnstate/cairn/task"
)

// Statistics returns the statistics as they are now. It does not wait for a restore
// that is under way.
func (c *Coordinator) Statistics() statistics.Snapshot { return c.opts.Statistics.Snapshot() }

func (c *Coordinator) reportPending(t *taking) {
	report := statistics.Pending{CheckpointID: t.ID(), Properties: t.Properties(), Triggered: t.Triggered()}
	for _, v := range c.job.Vertices() {
		report.Tasks = append(report.Tasks, statistics.TaskSize{Vertex: v.ID, Subtasks: int(v.Parallelism)})
	}
	for _, finished := range t.plan.Finished {
		report.Finished = append(report.Finished, finished.Attempt)
	}
	c.opts.Statistics.ReportPending(report)
}

func (c *Coordinator) reportAcknowledged(t *taking, ack *task.Acknowledgement) {
	c.opts.Statistics.ReportTaskAcknowledged(t.ID(), ack.Attempt, c.opts.Clock.Now(), ack.Metrics)
}

func (c *Coordinator) reportCompleted(t *taking, cp *completed.Checkpoint) {
	c.opts.Statistics.ReportCompleted(cp.ID, cp.ExternalPointer(), t.metadataSize)
}

func (c *Coordinator) reportDiscarded(checkpoints []*completed.Checkpoint) {
	for _, cp := range checkpoints {
		c.opts.Statistics.ReportDiscarded(cp.ID)
	}
}

func (c *Coordinator) reportFailed(t *taking, failure *checkpoint.Failure) {
	c.opts.Statistics.ReportFailed(t.ID(), failure, c.opts.Clock.Now())
}
