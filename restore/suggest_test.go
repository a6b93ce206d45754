package restore

import (
	"slices"
	"strings"
	"testing"

	"github.com/cairnstate/cairn/checkpoint"
)

func TestSuggest(t *testing.T) {
	const mib = 1 << 20
	fullOf := func(size int64) func(first, last int32) checkpoint.KeyedStateHandle {
		return func(first, last int32) checkpoint.KeyedStateHandle { return full(first, last, size) }
	}
	large := func(first, last int32) checkpoint.KeyedStateHandle {
		h := incremental(first, last)
		h.SharedState[0].Handle = &checkpoint.FileStateHandle{Path: stateName(first), Size: 10 * mib}
		return h
	}
	hotFirst := func(first, last int32) checkpoint.KeyedStateHandle {
		h := full(first, last, 100)
		if first == 0 {
			for i := 1; i < len(h.Offsets); i++ {
				h.Offsets[i] += 50 * mib
			}
			h.Delegate = &checkpoint.FileStateHandle{Path: "hot", Size: 50*mib + 10 + 100*int64(len(h.Offsets))}
		}
		return h
	}
	union := operator("a", 1, 32768, func(int32) *checkpoint.OperatorSubtaskState {
		return &checkpoint.OperatorSubtaskState{ManagedOperatorState: lists(
			&checkpoint.FileStateHandle{Path: "union", Size: mib}, list("u", checkpoint.Union, 10, 20))}
	})
	for name, test := range map[string]struct {
		op          checkpoint.OperatorState
		parallelism int32
		want        []string // kind: a piece of what is said
	}{
		"even and cheap":      {keyedBy("a", 4, 128, fullOf(mib)), 8, nil},
		"nearly even":         {keyedBy("a", 4, 128, fullOf(100)), 3, nil},
		"uneven":              {keyedBy("a", 4, 128, fullOf(100)), 100, []string{"uneven key groups: some subtasks own 2, others 1; 64 and 128 divide them"}},
		"incremental, factor": {keyedBy("a", 4, 128, large), 8, []string{"read amplification: 2.0 times"}},
		"incremental, odd":    {keyedBy("a", 4, 128, large), 7, []string{"read amplification: a multiple of 4, as 4 or 8"}},
		"incremental, down":   {keyedBy("a", 8, 128, large), 5, []string{"read amplification: at 4 or 8, which divide 8, each file is read once"}},
		"incremental, halved": {keyedBy("a", 8, 128, large), 4, nil},
		"little incremental":  {keyedBy("a", 4, 128, func(f, l int32) checkpoint.KeyedStateHandle { return incremental(f, l) }), 8, nil},
		"hot key group":       {keyedBy("a", 4, 128, hotFirst), 4, []string{"skew: subtask 0, with key groups [0, 31]", "hot key group: key group 0 has 4.0 times"}},
		"little union":        {union, 4, nil},
		"union":               {union, 2000, []string{"union state: each of 2000 subtasks reads all union state: 2000 state handles and 2097152000 bytes"}},
	} {
		t.Run(name, func(t *testing.T) {
			got := Suggest(planOf(t, newJob(t, vertex("a", test.parallelism, 0)), test.op))
			var said []string
			for _, s := range got {
				said = append(said, string(s.Kind)+": "+s.Reason+"; "+s.Advice)
			}
			if len(got) != len(test.want) {
				t.Fatalf("suggests %q, want %q", said, test.want)
			}
			for i, want := range test.want {
				kind, piece, _ := strings.Cut(want, ": ")
				if string(got[i].Kind) != kind || !strings.Contains(said[i], piece) || got[i].Vertex != "a" {
					t.Errorf("suggests for %s %q, want %q", got[i].Vertex, said[i], want)
				}
			}
		})
	}
}

func stateName(first int32) string { return "large-" + string(rune('a'+first)) }

func TestDivisors(t *testing.T) {
	for _, test := range []struct{ keyGroups, parallelism, below, above int32 }{
		{128, 100, 64, 128}, {128, 3, 2, 4}, {128, 4, 4, 4}, {7, 3, 1, 7}, {100, 30, 25, 50},
	} {
		below, above := Divisors(test.keyGroups, test.parallelism)
		if below != test.below || above != test.above {
			t.Errorf("%d key groups near %d: %d and %d, want %d and %d", test.keyGroups, test.parallelism, below, above, test.below, test.above)
		}
	}
}

// What the ranges say is what Assign does: each parallelism in them restores, and
// none beside them does.
func TestLegalRangesAreThoseOfAssign(t *testing.T) {
	inFlight := func(uid string, parallelism int32) checkpoint.OperatorState {
		op := keyed(uid, parallelism, 16)
		for i := range op.Subtasks {
			op.Subtasks[i].State.Channels = &checkpoint.ChannelState{Input: []checkpoint.ChannelStateHandle{
				&checkpoint.SingleChannelStateHandle{SubtaskIndex: int32(i), Offsets: []int64{1}, Size: 5, Delegate: stateFile("in-%d", i)},
			}}
		}
		return op
	}
	for name, test := range map[string]struct {
		partitioner string // of the edge from a to b
		max         int32  // of the job's vertex b
		operators   []checkpoint.OperatorState
		want        string // of b
	}{
		"of the state":           {"hash", 0, []checkpoint.OperatorState{keyed("a", 4, 16), keyed("b", 4, 16)}, "1-16"},
		"of both":                {"hash", 16, []checkpoint.OperatorState{keyed("a", 4, 16), keyed("b", 4, 16)}, "1-16"},
		"in flight over hash":    {"hash", 0, []checkpoint.OperatorState{keyed("a", 4, 16), inFlight("b", 4)}, "1-16"},
		"in flight over forward": {"forward", 0, []checkpoint.OperatorState{keyed("a", 4, 16), inFlight("b", 4)}, "4"},
		"in flight to all":       {"broadcast", 0, []checkpoint.OperatorState{keyed("a", 4, 16), inFlight("b", 4)}, "4"},
		"at the limit":           {"forward", 0, []checkpoint.OperatorState{keyed("a", 4, 16), inFlight("b", 16)}, "16"},
	} {
		t.Run(name, func(t *testing.T) {
			j := newJob(t, vertex("a", 4, 0), vertex("b", 4, test.max, input(t, 0, test.partitioner)))
			r := LegalRanges(j, test.operators)[1]
			if r.String() != test.want {
				t.Fatalf("legal range %s, want %s (%s)", r, test.want, r.Reason)
			}
			for p := int32(1); p <= 20; p++ {
				if test.max > 0 && p > test.max {
					continue // there is no such job
				}
				changed, err := j.WithParallelism([]int32{0, p})
				if err != nil {
					t.Fatal(err)
				}
				_, err = Assign(1, changed, test.operators, nil)
				if (err == nil) != r.Contains(p) {
					t.Errorf("parallelism %d: the range %s contains it: %v, but Assign says: %v", p, r, r.Contains(p), err)
				}
			}
		})
	}
}

func TestLegalRangesWithoutState(t *testing.T) {
	j := newJob(t, vertex("a", 4, 0), vertex("b", 4, 77))
	ranges := LegalRanges(j, nil)
	var got []string
	for _, r := range ranges {
		got = append(got, r.String())
	}
	if want := []string{"1-32768", "1-77"}; !slices.Equal(got, want) {
		t.Errorf("legal ranges %q, want %q", got, want)
	}
	broken := keyed("a", 1, 16)
	broken.MaxParallelism = -3
	if r := LegalRanges(j, []checkpoint.OperatorState{broken})[0]; r.String() != "none" {
		t.Errorf("legal range of a broken operator: %s", r)
	}
}
