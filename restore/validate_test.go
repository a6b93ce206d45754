package restore

import (
	"errors"
	"strings"
	"testing"

	"github.com/cairnstate/cairn/checkpoint"
)

func metadataOf(operators ...checkpoint.OperatorState) *checkpoint.Metadata {
	return &checkpoint.Metadata{CheckpointID: 17, Operators: operators}
}

func TestValidate(t *testing.T) {
	coordinated := operator("gone", 1, 128, nil)
	coordinated.Coordinator = &checkpoint.ByteStreamStateHandle{}
	finished := operator("gone", 1, 128, nil)
	finished.Subtasks = []checkpoint.SubtaskState{{Finished: true}}
	fully := operator("gone", 1, 128, nil)
	fully.FullyFinished = true
	null := operator("gone", 1, 128, func(int32) *checkpoint.OperatorSubtaskState {
		return &checkpoint.OperatorSubtaskState{
			ManagedOperatorState: &checkpoint.NullOperatorStateHandle{}, Channels: &checkpoint.ChannelState{},
		}
	})
	for name, test := range map[string]struct {
		operators []checkpoint.OperatorState
		max       int32 // configured in the job
		allow     bool
		want      error
		dropped   Reason
	}{
		"fits":                           {operators: []checkpoint.OperatorState{keyed("k", 2, 128)}},
		"state without operator":         {operators: []checkpoint.OperatorState{keyed("gone", 2, 128)}, want: ErrUnmappedState},
		"allowed":                        {operators: []checkpoint.OperatorState{keyed("gone", 2, 128)}, allow: true, dropped: ReasonNoOperator},
		"empty":                          {operators: []checkpoint.OperatorState{operator("gone", 2, 128, nil)}, dropped: ReasonEmpty},
		"null handles":                   {operators: []checkpoint.OperatorState{null}, dropped: ReasonEmpty},
		"finished subtasks":              {operators: []checkpoint.OperatorState{finished}, dropped: ReasonEmpty},
		"fully finished":                 {operators: []checkpoint.OperatorState{fully}, dropped: ReasonEmpty},
		"coordinator state counts":       {operators: []checkpoint.OperatorState{coordinated}, want: ErrUnmappedState},
		"in-flight data counts":          {operators: []checkpoint.OperatorState{inFlight("gone", 1, []int32{0}, nil)}, want: ErrUnmappedState},
		"max parallelism as configured":  {operators: []checkpoint.OperatorState{keyed("k", 2, 128)}, max: 128},
		"max parallelism not configured": {operators: []checkpoint.OperatorState{keyed("k", 2, 64)}},
		"max parallelism differs":        {operators: []checkpoint.OperatorState{keyed("k", 2, 64)}, max: 128, want: ErrMaxParallelism},
		"max parallelism of nothing":     {operators: []checkpoint.OperatorState{operator("k", 2, 64, nil)}, max: 128, want: ErrMaxParallelism},
		"parallelism is not looked at":   {operators: []checkpoint.OperatorState{keyed("k", 2, 3)}},
	} {
		t.Run(name, func(t *testing.T) {
			md := metadataOf(test.operators...)
			j := newJob(t, vertex("k", 4, test.max))
			v, err := Validate(md, j, test.allow)
			if !errors.Is(err, test.want) || (err == nil) != (test.want == nil) {
				t.Fatalf("error is %v, want %v", err, test.want)
			}
			if err != nil {
				return
			}
			if test.dropped == "" {
				if len(v.Dropped) != 0 || len(v.Metadata.Operators) != 1 {
					t.Errorf("kept %d, dropped %+v", len(v.Metadata.Operators), v.Dropped)
				}
			} else if len(v.Dropped) != 1 || v.Dropped[0].Reason != test.dropped || len(v.Metadata.Operators) != 0 {
				t.Errorf("kept %d, dropped %+v; want 1 dropped: %s", len(v.Metadata.Operators), v.Dropped, test.dropped)
			}
			if v.Metadata.CheckpointID != 17 || len(md.Operators) != 1 {
				t.Error("the metadata was changed, or lost its id")
			}
		})
	}
}

// A user mends a job in one go: all refusals are told.
func TestValidateTellsAll(t *testing.T) {
	_, err := Validate(metadataOf(keyed("gone", 2, 128), keyed("k", 2, 64), keyed("gone too", 2, 128)), newJob(t, vertex("k", 2, 128)), false)
	if !errors.Is(err, ErrUnmappedState) || !errors.Is(err, ErrMaxParallelism) || strings.Count(err.Error(), "\n") != 2 {
		t.Errorf("error is %v, want three refusals", err)
	}
}

// State is found by either id.
func TestValidateFindsUserDefinedIDs(t *testing.T) {
	v := vertex("new", 2, 0)
	hash := checkpoint.OperatorIDFromUID("old")
	v.Operators[0].UserDefined = &hash
	for _, uid := range []string{"old", "new"} {
		if _, err := Validate(metadataOf(keyed(uid, 2, 128)), newJob(t, v), false); err != nil {
			t.Errorf("state under %s: %v", uid, err)
		}
	}
}

func TestRefusalSaysWhatToDo(t *testing.T) {
	op := keyed("gone", 2, 128)
	op.Name = "sums"
	_, err := Validate(metadataOf(op), newJob(t, vertex("k", 2, 0)), false)
	want := "restore: state without operator: operator " + op.ID.String() +
		`: the checkpoint has 200 bytes of state for "sums" (uid "gone"), but the job has no such operator, and the checkpoint has nothing for these of the job: uid "k"; ` +
		"give the operator back its uid (or set its uid hash to the id above), or allow non-restored state to lose it"
	if err == nil || err.Error() != want {
		t.Errorf("error is\n%v, want\n%v", err, want)
	}
	refusal, ok := errors.AsType[*Refusal](err)
	if !ok || refusal.Operator != op.ID || refusal.Kind != ErrUnmappedState {
		t.Errorf("refusal: %+v", refusal)
	}
}

// TestRefusalOfAForgottenID has no id above to point to.
func TestRefusalOfAForgottenID(t *testing.T) {
	op := keyed("gone", 2, 128)
	op.ID = checkpoint.OperatorID{}
	_, err := Validate(metadataOf(op), newJob(t, vertex("k", 2, 0)), false)
	if err == nil || strings.Contains(err.Error(), "above") || !strings.Contains(err.Error(), "all zeros") ||
		!strings.Contains(err.Error(), "set the uid hash of the operator to 32 zeros") {
		t.Errorf("error is %v", err)
	}
	restored := vertex("gone", 2, 0)
	restored.Operators[0].UserDefined = &checkpoint.OperatorID{}
	if _, err := Validate(metadataOf(op), newJob(t, restored), false); err != nil {
		t.Errorf("the advice is wrong: %v", err)
	}
}

func TestInspect(t *testing.T) {
	state := func(s checkpoint.OperatorSubtaskState) checkpoint.OperatorState {
		return operator("k", 1, 128, func(int32) *checkpoint.OperatorSubtaskState { return &s })
	}
	short := keyGroups(0, 3)
	short.Offsets = short.Offsets[:3]
	twice := operator("k", 2, 128, nil)
	twice.Subtasks = []checkpoint.SubtaskState{{Index: 1}, {Index: 1}}
	beyond := operator("k", 2, 128, nil)
	beyond.Subtasks = []checkpoint.SubtaskState{{Index: 2}}
	negative := operator("k", 2, 128, nil)
	negative.Subtasks = []checkpoint.SubtaskState{{Index: -1}}
	finished := keyed("k", 2, 128)
	finished.FullyFinished = true
	for name, op := range map[string]checkpoint.OperatorState{
		"no parallelism":            operator("k", 0, 128, nil),
		"parallelism above max":     operator("k", 3, 2, nil),
		"max parallelism too large": operator("k", 3, 32769, nil),
		"subtask twice":             twice,
		"subtask beyond":            beyond,
		"subtask before":            negative,
		"finished with state":       finished,
		"unknown mode":              state(checkpoint.OperatorSubtaskState{RawOperatorState: lists(nil, list("x", 3))}),
		"too few offsets":           state(checkpoint.OperatorSubtaskState{ManagedKeyedState: short}),
		"too few offsets, nested": state(checkpoint.OperatorSubtaskState{RawKeyedState: &checkpoint.ChangelogStateBackendHandle{
			Materialized: []checkpoint.KeyedStateHandle{short},
		}}),
		"negative range": state(checkpoint.OperatorSubtaskState{ManagedKeyedState: &checkpoint.IncrementalRemoteKeyedStateHandle{
			Range: checkpoint.KeyGroupRange{Start: -1, Count: 2},
		}}),
		"range beyond all": state(checkpoint.OperatorSubtaskState{ManagedKeyedState: &checkpoint.IncrementalRemoteKeyedStateHandle{
			Range: checkpoint.KeyGroupRange{Start: 1 << 30, Count: 1 << 30},
		}}),
	} {
		t.Run(name, func(t *testing.T) {
			j := newJob(t, vertex("k", 1, 0))
			if _, err := Assign(7, j, []checkpoint.OperatorState{op}, nil); !errors.Is(err, ErrInconsistent) {
				t.Errorf("Assign: error is %v, want ErrInconsistent", err)
			}
			if _, err := Validate(metadataOf(op), j, true); !errors.Is(err, ErrInconsistent) {
				t.Errorf("Validate: error is %v, want ErrInconsistent", err)
			}
		})
	}
}

// Flink refuses to load such a savepoint at all; here it can be looked into, and
// restored without the operators that it concerns.
func TestLegacyStateIsRefused(t *testing.T) {
	op := operator("k", 1, 128, func(int32) *checkpoint.OperatorSubtaskState {
		return &checkpoint.OperatorSubtaskState{LegacyOperatorState: stateFile("old")}
	})
	j := newJob(t, vertex("k", 1, 0))
	if _, err := Validate(metadataOf(op), j, true); !errors.Is(err, ErrLegacyState) {
		t.Errorf("Validate: error is %v, want ErrLegacyState", err)
	}
	if _, err := Assign(7, j, []checkpoint.OperatorState{op}, nil); !errors.Is(err, ErrLegacyState) {
		t.Errorf("Assign: error is %v, want ErrLegacyState", err)
	}
	if v, err := Validate(metadataOf(op), newJob(t, vertex("other", 1, 0)), true); err != nil || len(v.Dropped) != 1 {
		t.Errorf("without the operator: %+v, %v", v, err)
	}
}
