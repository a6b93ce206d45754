package completed_test

import (
	"slices"
	"testing"

	"github.com/cairnstate/cairn/coordinator/completed"
)

func TestDeque(t *testing.T) {
	if _, err := completed.NewDeque(0); err == nil {
		t.Error("a store that retains nothing")
	}
	store, err := completed.NewDeque(2)
	if err != nil {
		t.Fatal(err)
	}
	var pushed []*completed.Checkpoint
	for _, c := range parse("C1 C2 S3 C4") {
		subsumed, err := store.Add(t.Context(), c)
		if err != nil {
			t.Fatal(err)
		}
		pushed = append(pushed, subsumed...)
	}
	if err := store.Recover(t.Context()); err != nil {
		t.Fatal(err)
	}
	if kept := format(store.All()); kept != "S3 C4" || format(pushed) != "C1 C2" {
		t.Errorf("kept [%s], pushed out [%s]", kept, format(pushed))
	}
	slices.Reverse(store.All())
	if kept := format(store.All()); kept != "S3 C4" {
		t.Errorf("the slice of All is the store's own: [%s]", kept)
	}
	discard, retain, err := store.Shutdown(t.Context(), completed.Finished)
	if err != nil || format(discard) != "C4" || format(retain) != "S3" || len(store.All()) != 0 {
		t.Errorf("Shutdown: discard [%s], retain [%s], left %d, %v", format(discard), format(retain), len(store.All()), err)
	}
}
