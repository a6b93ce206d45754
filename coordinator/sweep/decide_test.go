package sweep_test

import (
	"fmt"
	"math/rand/v2"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/cairnstate/cairn/coordinator/completed"
	"github.com/cairnstate/cairn/coordinator/sweep"
	"github.com/cairnstate/cairn/storage"
)

var savepoint = regexp.MustCompile(`savepoint-[0-9a-f]{6}-[0-9a-f]{12}`)

func uuid(n int) string { return fmt.Sprintf("%08x-0000-4000-8000-000000000000", n) }

// facts are made up by a seed: few names, so that much collides.
func facts(seed uint64) *sweep.Facts {
	random := rand.New(rand.NewPCG(seed, 0))
	f := &sweep.Facts{}
	for n := range 6 {
		f.Shared = append(f.Shared, storage.StoredFile{Name: "shared/" + uuid(n), Size: 1})
	}
	for id := range int64(5) {
		if random.IntN(2) == 0 {
			continue
		}
		l := sweep.Leftover{Leftover: completed.Leftover{ID: id, Directory: fmt.Sprintf("far://b/j/chk-%d", id), Discarding: random.IntN(4) == 0, Ended: random.IntN(4) == 0}}
		for n := range random.IntN(3) {
			l.Files = append(l.Files, storage.StoredFile{Name: fmt.Sprintf("chk-%d/%s", id, uuid(10+int(id)*3+n))})
		}
		if random.IntN(2) == 0 {
			l.Files = append(l.Files, storage.StoredFile{Name: fmt.Sprintf("chk-%d/_metadata", id)})
		}
		f.Leftovers = append(f.Leftovers, l)
	}
	for id := range 8 {
		names := make(map[string]bool)
		for range random.IntN(4) {
			names[uuid(random.IntN(26))] = true
		}
		f.Roots = append(f.Roots, sweep.Root{Directory: fmt.Sprintf("far://b/j/chk-%d", id), Names: names, Retained: random.IntN(6) == 0})
	}
	return f
}

// TestNothingInUseIsEverSwept asks a judge who knows nothing but the promise.
func TestNothingInUseIsEverSwept(t *testing.T) {
	swept, kept := 0, 0
	for seed := range uint64(5000) {
		f := facts(seed)
		plan, err := sweep.Decide(f)
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		gone := make(map[string]bool)
		for _, name := range plan.Shared {
			gone[path.Base(name)] = true
		}
		for _, d := range plan.Dispose {
			gone[d.Directory] = true
			i := slices.IndexFunc(f.Leftovers, func(l sweep.Leftover) bool { return l.Directory == d.Directory })
			for _, file := range f.Leftovers[i].Files {
				gone[path.Base(file.Name)] = true
			}
		}
		delete(gone, storage.MetadataFileName) // every checkpoint has one of that name
		swept, kept = swept+len(gone), kept+len(plan.Kept)
		for _, root := range f.Roots {
			if gone[root.Directory] {
				if root.Retained {
					t.Fatalf("seed %d: %s is retained, and goes:\n%s", seed, root.Directory, plan)
				}
				continue
			}
			for name := range root.Names {
				if gone[name] {
					t.Fatalf("seed %d: %s stays, and %s goes:\n%s", seed, root.Directory, name, plan)
				}
			}
		}
	}
	if swept < 1000 || kept < 1000 {
		t.Errorf("%d swept, %d kept: that says little", swept, kept)
	}
}

// A checkpoint that goes unless it is in use, and is in use, must be readable.
func TestADoubtOnTheWay(t *testing.T) {
	f := &sweep.Facts{
		Leftovers: []sweep.Leftover{{Leftover: completed.Leftover{ID: 1, Directory: "far://b/j/chk-1", Discarding: true},
			Files: []storage.StoredFile{{Name: "chk-1/_metadata"}, {Name: "chk-1/" + uuid(1)}}}},
		Roots: []sweep.Root{{Directory: "far://b/j/chk-1", Err: storage.ErrMetadataTooLarge}, {Directory: "far://b/j/chk-2", Names: map[string]bool{}}},
	}
	if plan, err := sweep.Decide(f); err != nil || len(plan.Dispose) != 1 {
		t.Errorf("not in use: %v, %v", plan, err)
	}
	f.Roots[1].Names[uuid(1)] = true
	if plan, err := sweep.Decide(f); err == nil || !strings.Contains(err.Error(), "nothing is deleted") {
		t.Errorf("in use, and nobody knows what it uses: %v, %v", plan, err)
	}
}
