package restore

import (
	"testing"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/job"
)

// TestPeculiarMaxParallelism has a stateless operator beside one with state, whose
// max parallelism is 64. Asked after it, the stateless one names the job's, 128.
// By the hash of its id, "d" is asked after "keyed", and "f" before it.
func TestPeculiarMaxParallelism(t *testing.T) {
	split := operator("keyed", 2, 64, func(i int32) *checkpoint.OperatorSubtaskState {
		return &checkpoint.OperatorSubtaskState{ManagedOperatorState: lists(stateFile("s%d", i), list("l", checkpoint.SplitDistribute, 1))}
	})
	for _, test := range []struct {
		chain    string
		state    checkpoint.OperatorState
		peculiar Peculiarities
		want     int32
	}{
		{"keyed,d", keyed("keyed", 2, 64), Peculiarities{}, 64},
		{"keyed,d", keyed("keyed", 2, 64), Peculiarities{MaxParallelism: true}, 128},
		{"keyed,f", keyed("keyed", 2, 64), Peculiarities{MaxParallelism: true}, 64},
		{"keyed,d", split, Peculiarities{}, 128}, // no keys: nothing is lost
		{"keyed,f", split, Peculiarities{}, 64},
	} {
		j := newJob(t, vertex(test.chain, 4, 0))
		a, err := Assign(7, j, []checkpoint.OperatorState{test.state}, &Options{Peculiarities: test.peculiar})
		if err != nil {
			t.Fatal(err)
		}
		if got := a.Vertices[0].MaxParallelism; got != test.want {
			t.Errorf("%s with %+v: max parallelism %d, want %d", test.chain, test.peculiar, got, test.want)
		}
	}
}

// TestPeculiarFirstEdge has two edges between the same vertices, by rebalance and
// by hash. Flink tells the producer of the hashed one that its readers were dealt
// out in turn, as those of the first are.
func TestPeculiarFirstEdge(t *testing.T) {
	second := input(t, 0, "hash")
	second.Output = 1
	j := newJob(t, vertex("writer", 1, 0), vertex("reader", 2, 0, input(t, 0, "rebalance"), second))
	for peculiar, want := range map[Peculiarities]job.SubtaskStateMapper{
		{}:                job.Range,
		{FirstEdge: true}: job.RoundRobin,
	} {
		a, err := Assign(7, j, []checkpoint.OperatorState{inFlight("reader", 3, []int32{0, 1}, nil)}, &Options{Peculiarities: peculiar})
		if err != nil {
			t.Fatal(err)
		}
		described := a.Vertices[0].Subtask(0).Operators[0].OutputRescaling
		if len(described) != 2 || described[1].Channels.Mapper != want {
			t.Errorf("%+v: the second partition is said to be read by %+v, want a mapping by %s", peculiar, described, want)
		}
	}
}
