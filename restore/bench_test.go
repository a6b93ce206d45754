package restore

import (
	"fmt"
	"testing"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/job"
)

func benchmarkAssign(b *testing.B, j *job.Job, operators ...checkpoint.OperatorState) {
	b.Helper()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Assign(1, j, operators, nil); err != nil {
			b.Fatal(err)
		}
	}
}

// One keyed operator with 32768 key groups, full and incremental state.
func BenchmarkAssignKeyed(b *testing.B) {
	for _, p := range [][2]int32{{1000, 1500}, {4096, 8192}, {8192, 16384}, {16384, 32768}, {32768, 16384}} {
		j := newJob(b, vertex("k", p[1], 0))
		full := keyed("k", p[0], 32768)
		incremental := operator("k", p[0], 32768, func(i int32) *checkpoint.OperatorSubtaskState {
			return &checkpoint.OperatorSubtaskState{ManagedKeyedState: &checkpoint.IncrementalRemoteKeyedStateHandle{
				Range: checkpoint.KeyGroupRangeForSubtask(i, 32768, p[0]), MetaState: stateFile("meta"),
			}}
		})
		b.Run(fmt.Sprintf("full/%d-%d", p[0], p[1]), func(b *testing.B) { benchmarkAssign(b, j, full) })
		b.Run(fmt.Sprintf("incremental/%d-%d", p[0], p[1]), func(b *testing.B) { benchmarkAssign(b, j, incremental) })
	}
}

// Union state of 2000 elements in each of 2000 subtasks.
func BenchmarkAssignUnion(b *testing.B) {
	op := operator("u", 2000, 32768, func(i int32) *checkpoint.OperatorSubtaskState {
		return &checkpoint.OperatorSubtaskState{
			ManagedOperatorState: lists(stateFile("u%d", i), list("offsets", union, offsets(int(i), 2000)...)),
		}
	})
	for _, parallelism := range []int32{2000, 1999, 4000} {
		j := newJob(b, vertex("u", parallelism, 0))
		b.Run(fmt.Sprintf("2000-%d", parallelism), func(b *testing.B) { benchmarkAssign(b, j, op) })
	}
}

// 50 operators of 1000 subtasks, a million files, rescaled.
func BenchmarkAssignJob(b *testing.B) {
	var vertices []job.Vertex
	var operators []checkpoint.OperatorState
	for i := range 50 {
		uid := fmt.Sprintf("op-%d", i)
		vertices = append(vertices, vertex(uid, 1500, 0))
		operators = append(operators, operator(uid, 1000, 2048, func(i int32) *checkpoint.OperatorSubtaskState {
			h := &checkpoint.IncrementalRemoteKeyedStateHandle{Range: checkpoint.KeyGroupRangeForSubtask(i, 2048, 1000)}
			for k := range 18 {
				h.SharedState = append(h.SharedState, checkpoint.HandleAndLocalPath{Handle: stateFile("%s/%d/%d", uid, i, k)})
			}
			return &checkpoint.OperatorSubtaskState{
				ManagedKeyedState: h,
				ManagedOperatorState: lists(stateFile("%s/%d", uid, i),
					list("split", split, offsets(int(i), 4)...), list("broadcast", broadcast, 1)),
				RawKeyedState: &checkpoint.IncrementalRemoteKeyedStateHandle{Range: h.Range, MetaState: stateFile("raw")},
			}
		}))
	}
	b.Run("50x1000-1500", func(b *testing.B) { benchmarkAssign(b, newJob(b, vertices...), operators...) })
}
