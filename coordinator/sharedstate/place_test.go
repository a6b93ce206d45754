package sharedstate

import (
	"errors"
	"strings"
	"testing"

	"github.com/cairnstate/cairn/checkpoint"
)

// Two spellings have one key exactly if they are of one path, and a path comes out
// as it went in.
func FuzzKeys(f *testing.F) {
	for _, path := range []string{
		"s3://b/a/f", "s3a://b//a/./f", "file:/f", "/f", "//f", "///f", "file://f", "s3://b", "s3://b/", "s3:/b", "a:b/c", "x/a:b", "x/a://f", "", ".", "a/..",
		"s3://b/0f8fad5b-d9cb-469f-a165-70867728950e", "/0f8fad5b-d9cb-469f-a165-70867728950e", "s3://0f8fad5b-d9cb-469f-a165-70867728950e",
		"s3://b//0f8fad5b-d9cb-469f-a165-70867728950e", "s3://b/../0f8fad5b-d9cb-469f-a165-70867728950e/", "s3://b/seventeen-bytes-0", "s3p://b//seventeen-bytes-0",
	} {
		f.Add(path, canonical(path))
		f.Add("file:"+path, path+"/")
		f.Add("s3n:"+path, "s3:"+path)
	}
	f.Fuzz(func(t *testing.T, one, other string) {
		table := newTable()
		a, b := table.key(one), table.key(other)
		alike := a.name == b.name && a.right == b.right
		if alike != SamePath(one, other) {
			t.Errorf("%q and %q: one key is %t\n%+v\n%+v\n%+v", one, other, alike, a, b, table.places.all)
		}
		if again := table.key(one); again != a {
			t.Errorf("%q has the keys %+v and %+v", one, a, again)
		}
		e := table.add(&a, table.hash(&a))
		var path strings.Builder
		if table.write(&path, e); path.String() != one {
			t.Errorf("%q became %q", one, path.String())
		}
		if got := table.canonical(e); got != canonical(one) {
			t.Errorf("the right spelling of %q is %q, want %q", one, got, canonical(one))
		}
	})
}

// Places go with what is in them, other spellings and all.
func TestPlacesGo(t *testing.T) {
	table := newTable()
	for _, path := range []string{"s3a://b//x/f", "s3://b/x/f2", "s3n://b/x/a-name-that-is-too-long", "s3a://b/y/"} {
		k := table.key(path)
		table.add(&k, table.hash(&k))
	}
	table.places.settle()
	for i, e := range table.entries.all() {
		if e.place != noPlace {
			table.remove([]number{i})
		}
	}
	noPlaces(t, &table)
}

// Whoever asks for what is not there leaves nothing behind.
func TestUnknownPlaceholderLeavesNoPlace(t *testing.T) {
	r := New()
	_, err := r.RegisterAcknowledged(1, &checkpoint.OperatorSubtaskState{ManagedKeyedState: &checkpoint.IncrementalRemoteKeyedStateHandle{
		SharedState: []checkpoint.HandleAndLocalPath{{Handle: &checkpoint.PlaceholderStreamStateHandle{PhysicalID: "s3a://b//x/f"}}},
	}})
	if !errors.Is(err, ErrUnknownPlaceholder) {
		t.Error(err)
	}
	noPlaces(t, &r.paths)
}

func noPlaces(t *testing.T, table *table) {
	t.Helper()
	if p := &table.places; len(p.directories)+len(p.wholes) > 0 {
		t.Errorf("places without anything in them: %v, %v", p.directories, p.wholes)
	}
}
