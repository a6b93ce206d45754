package restore

import (
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/job"
)

// flinkJob returns what real Flink says of a job.
func flinkJob(t *testing.T, name string) *job.Job {
	t.Helper()
	data, err := os.ReadFile("../testdata/flink-rest/" + name)
	if err != nil {
		t.Fatal(err)
	}
	j, err := job.ParseFlinkJSON(name, data)
	if err != nil {
		t.Fatal(err)
	}
	return j
}

const countsID = "7674cc5130c56369117b42168b4b5ade" // a vertex of features.json, max parallelism 128

func operatorWithID(t *testing.T, id string, op checkpoint.OperatorState) checkpoint.OperatorState {
	t.Helper()
	parsed, err := checkpoint.ParseOperatorID(id)
	if err != nil {
		t.Fatal(err)
	}
	op.ID = parsed
	return op
}

// A gap is a doubt where it matters to the checkpoint, and nowhere else.
func TestDoubts(t *testing.T) {
	counts := operatorWithID(t, countsID, keyed("counts", 4, 128))
	otherLimit := operatorWithID(t, countsID, keyed("counts", 4, 256))
	finished := operatorWithID(t, "2e3ef622e0e1b24adedea2cedf75dd9a", operator("hash", 2, 128, nil))
	finished.FullyFinished = true
	for name, test := range map[string]struct {
		job       string
		operators []checkpoint.OperatorState
		known     int
		want      []string
	}{
		"all is known":     {"2.3.0/features.json", []checkpoint.OperatorState{counts}, 1, nil},
		"no state to lose": {"2.3.0/features.json", []checkpoint.OperatorState{counts, operator("inner", 2, 128, nil)}, 1, nil},
		"down the chain":   {"2.3.0/features.json", []checkpoint.OperatorState{counts, keyed("inner", 2, 128)}, 1, []string{`200 bytes of state of operator uid "inner" `}},
		"finished, down the chain": {"2.3.0/features.json", []checkpoint.OperatorState{func() checkpoint.OperatorState {
			op := operator("inner", 2, 128, nil)
			op.FullyFinished = true
			return op
		}()}, 0, []string{"finished subtasks of operator"}},
		"max parallelism not said":  {"2.3.0/features-plan.json", []checkpoint.OperatorState{counts}, 1, []string{"vertex keyed counts ≠ Σ: the checkpoint has max parallelism 128; of the job's, it is not said"}},
		"max parallelism of 1.10":   {"1.10.2/features.json", []checkpoint.OperatorState{counts}, 1, []string{"max parallelism 128"}},
		"another max parallelism":   {"2.3.0/features.json", []checkpoint.OperatorState{otherLimit}, 1, []string{"has max parallelism 256; of the job's, it is 128, but it is not said whether that was chosen"}},
		"edges that do not matter":  {"2.3.0/partitioners.json", nil, 0, nil},
		"edges with finished tasks": {"2.3.0/partitioners.json", []checkpoint.OperatorState{finished}, 1, []string{`"CUSTOM" moves data in flight is not said`, "order of its 2 outputs is not said"}},
	} {
		t.Run(name, func(t *testing.T) {
			known, doubts := Doubts(flinkJob(t, test.job), test.operators)
			if len(known) != test.known || len(doubts) != len(test.want) {
				t.Fatalf("%d known operators, want %d; doubts %+v, want %q", len(known), test.known, doubts, test.want)
			}
			for i, want := range test.want {
				if got := doubts[i].Error(); !strings.Contains(got, want) || !strings.Contains(got, "job.yaml") {
					t.Errorf("doubt %q, want %q", got, want)
				}
			}
		})
	}
}

func TestNoDoubtsWithoutGaps(t *testing.T) {
	operators := []checkpoint.OperatorState{keyed("a", 2, 8), keyed("stranger", 2, 8)}
	known, doubts := Doubts(newJob(t, vertex("a", 2, 4)), operators)
	if len(known) != 2 || doubts != nil {
		t.Errorf("known %d, doubts %v", len(known), doubts)
	}
}

// TestDoubtsOfADerivedJob: it has no edges. Assign refuses to move data in flight
// then, whatever is doubted.
func TestDoubtsOfADerivedJob(t *testing.T) {
	md := metadataOf(inFlight("a", 2, []int32{0}, nil), inFlight("b", 2, nil, []int32{0}), keyed("c", 2, 128))
	for parallelism, want := range map[int32]int{0: 0, 2: 0, 3: 2} {
		j, err := job.FromMetadata(md, job.Parallelism{All: parallelism})
		if err != nil {
			t.Fatal(err)
		}
		known, doubts := Doubts(j, md.Operators)
		if len(known) != 3 || len(doubts) != want {
			t.Errorf("at %d: %d known, doubts %+v", parallelism, len(known), doubts)
		}
		_, err = Decide(md, j, false)
		if (err == nil) != (want == 0) || want > 0 && !errors.Is(err, ErrUnrescalable) || Settled(err, doubts) != nil {
			t.Errorf("at %d: %v", parallelism, err)
		}
	}
}

// With doubts about edges, what follows from edges is no certain no; the rest is.
func TestSettled(t *testing.T) {
	edges := &Refusal{Kind: ErrUnrescalable, Reason: "in flight"}
	certain := &Refusal{Kind: ErrParallelismTooHigh, Reason: "too high"}
	both := errors.Join(edges, certain)
	if err := Settled(both, nil); !errors.Is(err, ErrUnrescalable) || !errors.Is(err, ErrParallelismTooHigh) {
		t.Errorf("without doubts %v", err)
	}
	if err := Settled(both, []Doubt{{}}); errors.Is(err, ErrUnrescalable) || !errors.Is(err, ErrParallelismTooHigh) {
		t.Errorf("with doubts %v", err)
	}
	if err := Settled(edges, []Doubt{{}}); err != nil {
		t.Errorf("with doubts about all %v", err)
	}
	if err := Settled(nil, nil); err != nil {
		t.Errorf("of nothing %v", err)
	}
}

// Decide tells everything that is wrong, each thing once.
func TestDecideTellsAll(t *testing.T) {
	md := &checkpoint.Metadata{CheckpointID: 7, Operators: []checkpoint.OperatorState{
		keyed("a", 2, 8), keyed("b", 2, 8), keyed("c", 2, 8), keyed("stranger", 2, 8), operator("empty", 2, 8, nil),
	}}
	j := newJob(t, vertex("a", 9, 0), vertex("b", 10, 0), vertex("c", 2, 16))
	_, err := Decide(md, j, false)
	var kinds []error
	for _, e := range collect(nil, err) {
		refusal, ok := errors.AsType[*Refusal](e)
		if !ok {
			t.Fatalf("%v is no refusal", e)
		}
		kinds = append(kinds, refusal.Kind)
	}
	count := map[error]int{}
	for _, kind := range kinds {
		count[kind]++
	}
	if count[ErrParallelismTooHigh] != 2 || count[ErrMaxParallelism] != 1 || count[ErrUnmappedState] != 1 || len(kinds) != 4 {
		t.Errorf("refusals:\n%v", err)
	}
}

func TestDecideAssigns(t *testing.T) {
	md := &checkpoint.Metadata{CheckpointID: 7, Operators: []checkpoint.OperatorState{keyed("a", 2, 8), operator("empty", 2, 8, nil)}}
	a, err := Decide(md, newJob(t, vertex("a", 3, 0)), false)
	if err != nil {
		t.Fatal(err)
	}
	if a.CheckpointID != 7 || len(a.Vertices) != 1 || len(a.NotRestored) != 1 || a.NotRestored[0].Reason != ReasonEmpty {
		t.Errorf("got %+v", a)
	}
}
