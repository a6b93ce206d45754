package restore

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/cairnstate/cairn/job"
)

func printMapping(m *Mapping) string {
	var rows []string
	for i := range m.NewSubtasks {
		rows = append(rows, strings.ReplaceAll(strings.Trim(fmt.Sprint(slices.Collect(m.Old(i).All())), "[]"), " ", ","))
	}
	return strings.Join(rows, " | ")
}

func TestMapping(t *testing.T) {
	for _, test := range []struct {
		mapper    job.SubtaskStateMapper
		old, new  int32
		want      string
		identity  bool
		ambiguous []int32
	}{
		{job.RoundRobin, 3, 2, "0,2 | 1", false, nil},
		{job.RoundRobin, 2, 3, "0 | 1 | ", true, nil},
		{job.RoundRobin, 10, 4, "0,4,8 | 1,5,9 | 2,6 | 3,7", false, nil},
		{job.RoundRobin, 6, 10, "0 | 1 | 2 | 3 | 4 | 5 |  |  |  | ", true, nil},
		{job.RoundRobin, 5, 3, "0,3 | 1,4 | 2", false, nil},
		{job.Arbitrary, 3, 2, "0,2 | 1", false, nil},
		{job.First, 3, 2, "0,1,2 | ", false, nil},
		{job.First, 2, 3, "0,1 |  | ", false, nil},
		{job.First, 1, 3, "0 |  | ", true, nil},
		{job.First, 2, 2, "0,1 | ", false, nil},
		{job.Full, 3, 2, "0,1,2 | 0,1,2", false, []int32{0, 1, 2}},
		{job.Full, 2, 3, "0,1 | 0,1 | 0,1", false, []int32{0, 1}},
		{job.Full, 2, 1, "0,1", false, nil},
		{job.Full, 1, 1, "0", true, nil},
		{job.Range, 3, 2, "0,1 | 1,2", false, []int32{1}},
		{job.Range, 2, 3, "0 | 0,1 | 1", false, []int32{0, 1}},
		{job.Range, 4, 2, "0,1 | 2,3", false, nil},
		{job.Range, 2, 4, "0 | 0 | 1 | 1", false, []int32{0, 1}},
		{job.Range, 3, 4, "0 | 0,1 | 1,2 | 2", false, []int32{0, 1, 2}},
		{job.Range, 4, 3, "0,1 | 1,2 | 2,3", false, []int32{1, 2}},
		{job.Range, 5, 3, "0,1 | 1,2,3 | 3,4", false, []int32{1, 3}},
		{job.Range, 10, 4, "0,1,2 | 2,3,4 | 5,6,7 | 7,8,9", false, []int32{2, 7}},
		{job.Range, 6, 10, "0 | 0,1 | 1 | 1,2 | 2 | 3 | 3,4 | 4 | 4,5 | 5", false, []int32{0, 1, 2, 3, 4, 5}},
		{job.Range, 5, 5, "0 | 1 | 2 | 3 | 4", true, nil},
	} {
		t.Run(fmt.Sprintf("%s %d to %d", test.mapper, test.old, test.new), func(t *testing.T) {
			m := newMapping(test.mapper, test.old, test.new)
			if got := printMapping(m); got != test.want || m.Identity() != test.identity {
				t.Errorf("%s, identity %v; want %s, %v", got, m.Identity(), test.want, test.identity)
			}
			if !slices.Equal(m.ambiguous, test.ambiguous) {
				t.Errorf("ambiguous: %v, want %v", m.ambiguous, test.ambiguous)
			}
		})
	}
}

// Whatever the mapper, no old subtask is forgotten, and invert turns it around.
func TestMappingForgetsNobody(t *testing.T) {
	for _, mapper := range []job.SubtaskStateMapper{job.Arbitrary, job.RoundRobin, job.First, job.Full, job.Range} {
		for old := int32(1); old < 20; old++ {
			for new := int32(1); new < 20; new++ {
				m := newMapping(mapper, old, new)
				claims := make([]int, old)
				for o, takers := range m.invert() {
					claims[o] = len(takers)
					for _, i := range takers {
						if !slices.Contains(slices.Collect(m.Old(i).All()), int32(o)) {
							t.Fatalf("%s %d to %d: invert gives %d to %d", mapper, old, new, o, i)
						}
					}
				}
				for o, n := range claims {
					_, twice := slices.BinarySearch(m.ambiguous, int32(o))
					if n == 0 || twice != (n > 1) || n > 1 && !mapper.Ambiguous() {
						t.Fatalf("%s %d to %d: old subtask %d is taken %d times, ambiguous: %v", mapper, old, new, o, n, twice)
					}
				}
			}
		}
	}
}
