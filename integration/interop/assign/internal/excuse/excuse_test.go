package excuse

import (
	"slices"
	"testing"

	"github.com/cairnstate/cairn/integration/interop/assign/internal/pairs"
	"github.com/cairnstate/cairn/internal/verdict"
	"github.com/cairnstate/cairn/restore"
)

// flink stands for the real one, to which make interop compares it.
func flink(c *verdict.Case) ([]string, error) {
	return Foretell(c, restore.Peculiarities{MaxParallelism: true, FirstEdge: true})
}

// somePairs are random ones, two that have two excuses at once, and one where the
// edge that is looked at decides for a third vertex.
func somePairs(yield func(*verdict.Case) bool) {
	for _, seed := range []uint64{16093, 19517, 314251612} {
		if !yield(pairs.Of(seed)) {
			return
		}
	}
	for seed := range uint64(1000) {
		if !yield(pairs.Of(seed)) {
			return
		}
	}
}

// TestFor finds pairs for every excuse, and then has Flink say something else, one
// wrong line at a time: none of it is excused.
func TestFor(t *testing.T) {
	const enough = 3
	met := map[string]int{}
	for c := range somePairs {
		ours, err := verdict.Of(c)
		if err != nil {
			t.Fatal(err)
		}
		theirs, err := flink(c)
		if err != nil {
			t.Fatal(err)
		}
		if slices.Equal(ours, theirs) {
			continue
		}
		name, err := For(c, ours, flink)
		if name == None || err != nil {
			t.Errorf("%s is not excused, error %v", c.Note, err)
			continue
		}
		met[name]++
		if met[name] <= enough {
			refuteWrongAnswers(t, c, ours, theirs)
		}
	}
	for _, name := range []string{Reset, Disagreeing, FirstEdge, EdgeAndReset, EdgeAndRefused} {
		if met[name] == 0 {
			t.Errorf("no pair has the excuse %q", name)
		}
	}
}

func refuteWrongAnswers(t *testing.T, c *verdict.Case, ours, theirs []string) {
	t.Helper()
	for at := range theirs {
		for _, wrong := range [][]string{
			slices.Delete(slices.Clone(theirs), at, at+1),
			slices.Insert(slices.Clone(theirs), at, theirs[at]),
			slices.Replace(slices.Clone(theirs), at, at+1, theirs[at]+"1"),
		} {
			// The wrong answer is Flink's, in whatever order it is asked.
			says := func(asked *verdict.Case) ([]string, error) {
				if asked.Checkpoint == c.Checkpoint {
					return wrong, nil
				}
				return flink(asked)
			}
			if name, err := For(c, ours, says); name != None || err != nil {
				t.Fatalf("%s: line %d is wrong, and excused by %q, error %v\n%s", c.Note, at, name, err, theirs[at])
			}
		}
	}
}

// TestOursWrong has cairn be wrong where Flink's peculiarity is no excuse for it:
// in what it decides without.
func TestOursWrong(t *testing.T) {
	tried := 0
	for c := range somePairs {
		ours, err := verdict.Of(c)
		if err != nil {
			t.Fatal(err)
		}
		theirs, err := flink(c)
		if err != nil {
			t.Fatal(err)
		}
		if slices.Equal(ours, theirs) || refused(ours) {
			continue
		}
		tried++
		wrong := slices.Replace(slices.Clone(ours), 0, 1, ours[0]+"1")
		if name, err := For(c, wrong, flink); name != None || err != nil {
			t.Errorf("%s: cairn is wrong, and excused by %q, error %v", c.Note, name, err)
		}
	}
	if tried < 10 {
		t.Errorf("tried %d pairs, want 10", tried)
	}
}

// TestHashOrder excuses what Flink says in one of its orders, and nothing else.
func TestHashOrder(t *testing.T) {
	c := pairs.Of(1)
	if len(c.Vertices) < 2 {
		t.Fatal("the pair has a single vertex")
	}
	ours, err := verdict.Of(c)
	if err != nil {
		t.Fatal(err)
	}
	last := func(answer ...string) Ask {
		return func(asked *verdict.Case) ([]string, error) {
			if asked.Order[0] == len(c.Vertices)-1 {
				return answer, nil
			}
			return []string{"refused to assign: something else"}, nil
		}
	}
	if name, err := For(c, ours, last(ours...)); name != HashOrder || err != nil {
		t.Errorf("excused by %q, error %v", name, err)
	}
	if name, err := For(c, ours, last("0: not restored")); name != None || err != nil {
		t.Errorf("a wrong answer is excused by %q, error %v", name, err)
	}
}

func TestPermutations(t *testing.T) {
	got := slices.Collect(permutations(3))
	different := map[[3]int]bool{}
	for _, order := range got {
		different[[3]int(order)] = true
	}
	if len(got) != 6 || len(different) != 6 || !slices.Equal(got[0], []int{0, 1, 2}) {
		t.Errorf("permutations of three things are %v", got)
	}
}
