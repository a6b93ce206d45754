package restore

import (
	"slices"
	"testing"
)

// TestSubtasks holds that a walk over all subtasks says what each says for itself,
// and that its garbage does not grow with their number.
func TestSubtasks(t *testing.T) {
	a := assign(t, newJob(t, vertex("k", 3000, 0)), keyed("k", 1000, 4096))
	v := &a.Vertices[0]
	var kept [][]OperatorRestore
	for task := range v.Subtasks() {
		kept = append(kept, slices.Clone(task.Operators))
	}
	for i, operators := range kept {
		alone := v.Subtask(int32(i)).Operators
		if got, want := printKeyed(operators[0].ManagedKeyedState), printKeyed(alone[0].ManagedKeyedState); got != want || got == "" {
			t.Fatalf("subtask %d gets %q in a walk and %q alone", i, got, want)
		}
	}
	allocations := testing.AllocsPerRun(5, func() {
		for task := range v.Subtasks() {
			if len(task.Operators) != 1 {
				t.Fatal("no operators")
			}
		}
	})
	if allocations > 10 {
		t.Errorf("a walk over 3000 subtasks allocates %.0f times", allocations)
	}
}
