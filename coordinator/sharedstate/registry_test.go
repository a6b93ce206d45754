package sharedstate_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/coordinator/sharedstate"
)

// The example of Flink's own rules: one checkpoint retained, C1 brings f1 and
// f2, C2 goes on with f1 and brings f3.
func TestFileGoesWithItsLastUser(t *testing.T) {
	r := registry(t, owned(1, shared("/s/f1", "/s/f2")), owned(2, shared("/s/f1", "/s/f3")))
	wantDeleted(t, r.UnregisterUnused(1))
	wantDeleted(t, r.UnregisterUnused(2), "/s/f2")
	wantDeleted(t, r.UnregisterUnused(2))
	wantDeleted(t, r.UnregisterUnused(3), "/s/f1", "/s/f3")
}

// What an aborted checkpoint registered goes with the next completed one.
func TestFileOfAbortedCheckpointGoesLater(t *testing.T) {
	r := registry(t, owned(1, shared("/s/f1")), owned(2, shared("/s/aborted")), owned(3, shared("/s/f1")))
	wantDeleted(t, r.UnregisterUnused(3), "/s/aborted")
}

func TestWhatTheUserOwnsStays(t *testing.T) {
	savepoint := unowned(17, shared("/sp/a", "/sp/b"))
	t.Run("legacy", func(t *testing.T) {
		r := registry(t, savepoint, owned(18, shared("/sp/a", "/s/c")))
		wantDeleted(t, r.UnregisterUnused(19), "/s/c")
	})
	t.Run("restored under a newer checkpoint of the job", func(t *testing.T) {
		r := registry(t, owned(20, shared("/sp/a", "/s/c")), savepoint)
		wantDeleted(t, r.UnregisterUnused(21), "/s/c")
	})
	t.Run("claimed", func(t *testing.T) {
		r := registry(t, owned(17, shared("/sp/a", "/sp/b")), owned(18, shared("/sp/a")))
		wantDeleted(t, r.UnregisterUnused(18), "/sp/b")
	})
	t.Run("in the next attempt, when the savepoint is gone", func(t *testing.T) {
		r := registry(t, savepoint).Successor()
		register(t, r, owned(18, shared("/sp/a", "/s/c")))
		wantDeleted(t, r.UnregisterUnused(19), "/s/c")
	})
	t.Run("not registered", func(t *testing.T) {
		r := registry(t, owned(16, shared("/sp/a", "/s/c")))
		r.Disown(savepoint)
		wantDeleted(t, r.UnregisterUnused(18), "/s/c")
	})
	t.Run("private in the savepoint", func(t *testing.T) {
		r := registry(t, owned(16, shared("/sp/private", "/s/c")))
		r.Disown(unowned(17, keyed(private("/sp/private"))))
		wantDeleted(t, r.UnregisterUnused(18), "/s/c")
	})
}

func TestSpellingsOfAPathAreOneFile(t *testing.T) {
	for _, spellings := range [][2]string{
		{"file:/s/f", "file:///s/f"},
		{"/s/f", "file:/s/f"},
		{"s3://b/s/f", "s3a://b/s/f"},
		{"s3p://b/s//f", "S3://b/s/./f"},
	} {
		r := registry(t, owned(1, shared(spellings[0])), owned(2, shared(spellings[1])))
		wantDeleted(t, r.UnregisterUnused(2))
		wantDeleted(t, r.UnregisterUnused(3), spellings[0])
	}
	r := registry(t, owned(1, shared("s3://a/f", "gs://a/f", "s3://b/f")))
	wantDeleted(t, r.UnregisterUnused(2), "gs://a/f", "s3://a/f", "s3://b/f")
}

func TestRelativeFilesAreAnchored(t *testing.T) {
	relative := &checkpoint.RelativeFileStateHandle{RelativePath: "000001.sst", Size: 1}
	savepoint := owned(1, keyed(&checkpoint.IncrementalRemoteKeyedStateHandle{
		SharedState: []checkpoint.HandleAndLocalPath{{Handle: relative}},
	}))
	savepoint.Directory = "s3://b/sp"
	r := registry(t, savepoint, owned(2, shared("s3://b/sp/000001.sst")))
	wantDeleted(t, r.UnregisterUnused(2))
	wantDeleted(t, r.UnregisterUnused(3), "s3://b/sp/000001.sst")
}

// A native savepoint has its shared files in its own directory: claimed, it must
// stay until no later checkpoint uses them.
func TestClaimedNativeSavepointStaysWhileItsFilesAreUsed(t *testing.T) {
	savepoint := owned(17, shared("/sp/a", "/sp/b"))
	savepoint.Sharing = checkpoint.NoSharing
	r := registry(t, savepoint, owned(18, shared("/sp/a")), owned(19, shared("/s/c")))
	wantInUse(t, r.UnregisterUnused(18), 17)
	wantInUse(t, r.UnregisterUnused(19))
}

// Registration does not go by number: a snapshot of the past may come last.
func TestOlderCheckpointRegisteredLater(t *testing.T) {
	savepoint := owned(17, shared("/sp/a"))
	savepoint.Sharing = checkpoint.NoSharing
	unused := registry(t, owned(20, shared("/sp/a")), savepoint).UnregisterUnused(18)
	wantDeleted(t, unused)
	wantInUse(t, unused, 17)
}

// A changelog names its materialized part again and again, private files
// included, which belong to the checkpoint that wrote them.
func TestMaterializedStateKeepsItsCheckpoint(t *testing.T) {
	materialized := keyed(&checkpoint.ChangelogStateBackendHandle{
		Materialized: []checkpoint.KeyedStateHandle{
			&checkpoint.KeyGroupsStateHandle{Delegate: file("/job/chk-1/heap")},
			private("/job/chk-1/MANIFEST"),
		},
		NonMaterialized: []checkpoint.KeyedStateHandle{
			&checkpoint.ChangelogFileStateHandle{Parts: []checkpoint.HandleAndOffset{{Handle: file("/dstl/1")}}},
		},
	})
	r := registry(t, owned(1, materialized), owned(2, materialized), owned(3, shared("/s/x")))
	wantInUse(t, r.UnregisterUnused(2), 1)
	unused := r.UnregisterUnused(3)
	wantInUse(t, unused)
	wantDeleted(t, unused, "/dstl/1")
}

func TestInlineStateIsNotRegistered(t *testing.T) {
	inline := &checkpoint.ByteStreamStateHandle{HandleName: "/s/f", Data: []byte("x")}
	r := registry(t, owned(1, keyed(&checkpoint.IncrementalRemoteKeyedStateHandle{
		SharedState: []checkpoint.HandleAndLocalPath{{Handle: inline}, {Handle: nil}},
		MetaState:   inline,
	})))
	wantDeleted(t, r.UnregisterUnused(2))
}

func TestClosed(t *testing.T) {
	r := registry(t, owned(1, shared("/s/f")))
	next := r.Successor()
	if err := r.Register(owned(2, nil)); !errors.Is(err, sharedstate.ErrClosed) {
		t.Errorf("Register after Successor: %v", err)
	}
	r.Disown(unowned(2, nil)) // harmless
	wantDeleted(t, r.UnregisterUnused(9))
	if next.Len() != 0 {
		t.Errorf("a fresh registry has %d entries", next.Len())
	}
	next.Close()
	if err := next.Register(owned(2, nil)); !errors.Is(err, sharedstate.ErrClosed) {
		t.Errorf("Register after Close: %v", err)
	}
}

func wantDeleted(t *testing.T, unused sharedstate.Unused, paths ...string) {
	t.Helper()
	var got []string
	for _, d := range unused.Deletions {
		got = append(got, d.Path)
	}
	if diff := cmp.Diff(paths, got); diff != "" {
		t.Errorf("deletions (-want +got):\n%s", diff)
	}
}

func wantInUse(t *testing.T, unused sharedstate.Unused, ids ...int64) {
	t.Helper()
	want := map[int64]bool{}
	for _, id := range ids {
		want[id] = true
	}
	if diff := cmp.Diff(want, unused.InUse); diff != "" {
		t.Errorf("checkpoints in use (-want +got):\n%s", diff)
	}
}
