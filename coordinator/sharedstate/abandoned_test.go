package sharedstate_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/cairnstate/cairn/coordinator/sharedstate"
)

// C1 is retained; C2 had brought a file of its own, and was never completed.
func TestAbandonedFiles(t *testing.T) {
	last := registry(t, owned(1, shared("/s/f1", "/s/f2")), owned(2, shared("/s/f1", "/s/new", "s3://b/users")))
	last.Disown(unowned(17, shared("s3a://b/users")))
	next := last.Successor()
	register(t, next, owned(1, shared("/s/f1", "/s/f2")))
	if diff := cmp.Diff([]sharedstate.Deletion{{Path: "/s/new"}}, last.Abandoned(next)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if next.Len() != registry(t, owned(1, shared("/s/f1", "/s/f2"))).Len() {
		t.Errorf("the successor knows of %d paths", next.Len())
	}
}

// What is not ours to delete is not abandoned either: segments of merged files, and
// directories.
func TestAbandonedKeepsWhatOthersOwn(t *testing.T) {
	last := registry(t, owned(2, keyed(private("/chk-2/private"))))
	if got := last.Abandoned(last.Successor()); len(got) != 0 {
		t.Errorf("abandoned: %+v", got)
	}
}
