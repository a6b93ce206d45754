package program

import (
	"math"
	"strings"
	"time"

	"github.com/cairnstate/cairn/job/checkpointing"
	"github.com/cairnstate/cairn/job/jobgraph"
	"github.com/cairnstate/cairn/job/stream"
)

// Of tells what we made of a program. Each exchange is pipelined, for there is no other
// in a streaming job.
func Of(env *stream.Environment, g *jobgraph.Graph) *Result {
	c, o := &g.Checkpointing.Coordinator, &env.Checkpointing
	r := &Result{
		Coordinator: Coordinator{
			millis(c.Interval), millis(c.IntervalDuringBacklog), millis(c.Timeout), millis(c.MinPause), c.MaxConcurrent,
			string(c.Retention), c.ExactlyOnce, c.TolerableFailures, c.Unaligned, millis(c.AlignedTimeout), c.IgnoreInFlightOf,
			c.AfterTasksFinish, c.RecoverOutputOnDownstream,
		},
		Restore: Restore{g.Restore.Path, g.Restore.AllowNonRestoredState, g.Restore.ClaimMode.String()},
		Options: Options{
			o.Directory, o.SavepointDirectory, o.InlineThreshold, o.WriteBuffer, o.CreateSubdir, o.Retained,
			o.MaxSubtasksPerChannelStateFile, o.PauseSources, o.ForceUnaligned,
		},
	}
	if r.Restore.Path == "" {
		r.Restore = Restore{ClaimMode: checkpointing.NoClaim.String()} // Flink forgets what is said of no savepoint
	}
	for i := range g.Vertices {
		r.Vertices = append(r.Vertices, vertex(g, &g.Vertices[i]))
	}
	return r
}

func vertex(g *jobgraph.Graph, v *jobgraph.Vertex) Vertex {
	out := Vertex{v.ID.String(), v.Name, v.Parallelism, v.MaxParallelism, v.SlotSharingGroup, []Operator{}, []Input{}}
	for _, op := range v.Operators {
		user := ""
		if op.UserDefined != nil {
			user = op.UserDefined.String()
		}
		out.Operators = append(out.Operators, Operator{op.ID.String(), user, op.Name, op.UID})
	}
	for i := range v.Inputs {
		in := &v.Inputs[i]
		p := &in.Partitioner
		out.Inputs = append(out.Inputs, Input{
			g.Vertices[in.From].ID.String(), in.Output, in.Input, strings.ToUpper(p.Name), "PIPELINED_BOUNDED",
			p.Pattern.String(), p.Upstream.String(), p.Downstream.String(), in.SupportsUnaligned,
		})
	}
	return out
}

func millis(d time.Duration) int64 {
	if d == checkpointing.Disabled {
		return math.MaxInt64
	}
	return d.Milliseconds()
}
