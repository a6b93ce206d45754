package sharedstate

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"unsafe"
)

// Thousands of paths come and go, and are always found where a map has them.
func TestTableAgainstMap(t *testing.T) {
	dice := rand.New(rand.NewPCG(1, 2))
	table, want := newTable(), map[string]int64{}
	for round := range 60 {
		for range dice.IntN(1000) {
			path := randomPath(dice)
			k := table.key(path)
			e := table.find(&k, table.hash(&k))
			if _, known := want[path]; known != (e != nil) {
				t.Fatalf("round %d: %s is there: %t, want %t", round, path, e != nil, known)
			}
			if e == nil {
				e = table.add(&k, table.hash(&k))
			}
			e.lastUsed = dice.Int64N(100)
			want[path] = e.lastUsed
		}
		table.places.settle()
		lowest := dice.Int64N(110) // at times all go
		table.remove(oldOf(&table, lowest))
		table.shrink()
		for path, last := range want {
			if last < lowest {
				delete(want, path)
			}
		}
		sameAs(t, &table, want)
	}
}

func randomPath(dice *rand.Rand) string {
	u := dice.Uint64N(4000)
	name := []string{
		fmt.Sprintf("%06d.sst", u), fmt.Sprintf("%08x-0000-0000-0000-%012x", u, u), fmt.Sprintf("a-name-that-is-too-long-%d", u),
	}[u%3]
	return fmt.Sprintf("s3://b/%d/%s", u%7, name)
}

func oldOf(table *table, lowest int64) (gone []number) {
	for i, e := range table.entries.all() {
		if e.lastUsed < lowest {
			gone = append(gone, i)
		}
	}
	return gone
}

func sameAs(t *testing.T, table *table, want map[string]int64) {
	t.Helper()
	if table.entries.live != len(want) {
		t.Fatalf("%d entries, want %d", table.entries.live, len(want))
	}
	places := 0
	for path, last := range want {
		k := table.key(path)
		if e := table.find(&k, table.hash(&k)); e == nil || e.lastUsed != last {
			t.Fatalf("%s: %+v, want one that was last used by %d", path, e, last)
		}
		if table.places.all[k.place].whole {
			places++
		}
	}
	table.places.settle()
	if got := len(table.places.wholes); got != places {
		t.Fatalf("%d paths are places, want %d", got, places)
	}
	if got := len(table.places.directories); got > 7 {
		t.Fatalf("%d directories", got)
	}
}

// Memory follows what is in use, down as well as up.
func TestMemoryIsGivenBack(t *testing.T) {
	const most = 20_000
	table := newTable()
	for i := range most {
		k := table.key(fmt.Sprintf("s3://b/%d/%06d", i, i))
		table.add(&k, table.hash(&k)).lastUsed = int64(i)
	}
	table.places.settle()
	for left := most; left > 0; left /= 2 {
		table.remove(oldOf(&table, int64(most-left)))
		table.shrink()
		room := 4*left + 4*perPiece
		if got := len(table.entries.pieces) * perPiece; got > room {
			t.Errorf("room for %d entries of %d", got, left)
		}
		if got := len(table.slots); got > 8*room {
			t.Errorf("%d slots for %d entries", got, left)
		}
		if got := len(table.places.all); got > room {
			t.Errorf("room for %d places of %d", got, left)
		}
	}
}

// A million entries are 48 MB, no pointer among them.
func TestEntriesAreSmall(t *testing.T) {
	if size := unsafe.Sizeof(entry{}); size != 48 {
		t.Errorf("an entry has %d bytes", size)
	}
}

// What leaves is in the order that comparing everything with everything gives.
func TestOrder(t *testing.T) {
	dice := rand.New(rand.NewPCG(3, 4))
	for range 30 {
		var all []leaving
		for range dice.IntN(300) {
			u, v := dice.Uint64(), dice.Uint64()
			text := fmt.Sprintf("%08x-0000-0000-0000-%012x", u>>32, u&0xffff)
			if v%3 == 0 {
				text = fmt.Sprintf("%d", u%10000)
			}
			n, _ := nameOf(text)
			all = append(all, leaving{name: n, rank: int(v % 5)})
		}
		want := slices.Clone(all)
		slices.SortFunc(want, func(a, b leaving) int { return strings.Compare(a.text(), b.text()) })
		if got := inOrder(slices.Clone(all), 5); !slices.Equal(got, want) {
			t.Fatalf("%d that leave are not in order", len(all))
		}
	}
}

// text sorts as the order is defined: by place, texts before UUIDs, by name.
func (l leaving) text() string {
	return fmt.Sprintf("%d %t %s", l.rank, l.form == uuidForm, l.append(nil))
}
