package storage

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

func TestPlanReads(t *testing.T) {
	o := ReadOptions{MaxGap: 10, MaxRequest: 100}
	tests := []struct {
		name   string
		ranges []StateRange
		want   string // offset+length[pieces as index:from+length(rest)]
	}{
		{"nothing", nil, ""},
		{"one", []StateRange{{5, 10}}, "5+10[0:0+10]"},
		{"neighbours", []StateRange{{0, 10}, {10, 10}}, "0+20[0:0+10 1:10+10]"},
		{"a gap as large as may be", []StateRange{{0, 10}, {20, 10}}, "0+30[0:0+10 1:20+10]"},
		{"a larger gap", []StateRange{{0, 10}, {21, 10}}, "0+10[0:0+10] 21+10[1:0+10]"},
		{"as much as a request may be", []StateRange{{0, 50}, {50, 50}}, "0+100[0:0+50 1:50+50]"},
		{"more than a request may be", []StateRange{{0, 50}, {50, 51}}, "0+50[0:0+50] 50+51[1:0+51]"},
		{"in no order", []StateRange{{20, 5}, {0, 5}, {10, 5}}, "0+25[1:0+5 2:10+5 0:20+5]"},
		{"twice", []StateRange{{0, 5}, {0, 5}}, "0+5[0:0+5 1:0+5]"},
		{"one in another", []StateRange{{0, 50}, {10, 5}, {50, 5}}, "0+55[0:0+50 1:10+5 2:50+5]"},
		{"overlapping, too large together", []StateRange{{0, 60}, {50, 60}}, "0+60[0:0+60] 50+60[1:0+60]"},
		{"a large one", []StateRange{{0, 5}, {5, 250}, {255, 5}}, "0+5[0:0+5] 5+100[1:0+100(150)] 105+100[1:0+100(50)] 205+50[1:0+50] 255+5[2:0+5]"},
		{"empty ones", []StateRange{{0, 0}, {3, 5}, {4, 0}, {900, 0}}, "0+0[0:0+0] 3+5[1:0+5 2:1+0 3:5+0]"},
	}
	for _, test := range tests {
		if got := printed(planReads(test.ranges, o)); got != test.want {
			t.Errorf("%s: %s, want %s", test.name, got, test.want)
		}
	}
}

func printed(reads []read) string {
	var texts []string
	for _, r := range reads {
		var pieces []string
		for _, p := range r.pieces {
			text := fmt.Sprintf("%d:%d+%d", p.index, p.from, p.length)
			if p.rest > 0 {
				text += fmt.Sprintf("(%d)", p.rest)
			}
			pieces = append(pieces, text)
		}
		texts = append(texts, fmt.Sprintf("%d+%d[%s]", r.Offset, r.Length, strings.Join(pieces, " ")))
	}
	return strings.Join(texts, " ")
}

// Whatever the ranges: each comes once and whole, no request is too large, and no
// two could have been one.
func TestPlansAreRight(t *testing.T) {
	for seed := range uint64(2000) {
		r := rand.New(rand.NewPCG(seed, 1))
		o := ReadOptions{MaxGap: r.Int64N(20), MaxRequest: 1 + r.Int64N(100)}
		ranges := make([]StateRange, r.IntN(20))
		for i := range ranges {
			ranges[i] = StateRange{r.Int64N(500), r.Int64N(130)}
		}
		brought := make([]int64, len(ranges))
		for _, one := range planReads(ranges, o) {
			if one.Length > o.MaxRequest {
				t.Fatalf("seed %d: a request of %d, %d are allowed", seed, one.Length, o.MaxRequest)
			}
			for _, p := range one.pieces {
				want := ranges[p.index]
				if p.length > 0 && one.Offset+p.from != want.Offset+brought[p.index] || p.from < 0 || p.from+p.length > one.Length {
					t.Fatalf("seed %d: piece %+v of %+v in %+v", seed, p, want, one)
				}
				if brought[p.index] += p.length; brought[p.index]+p.rest != want.Length {
					t.Fatalf("seed %d: piece %+v: %d of %d bytes are missing", seed, p, want.Length-brought[p.index]-p.rest, want.Length)
				}
			}
		}
		for i, n := range brought {
			if n != ranges[i].Length {
				t.Fatalf("seed %d: %d bytes of %+v", seed, n, ranges[i])
			}
		}
	}
}

func TestPlansDoNotChangeWhatTheyAreGiven(t *testing.T) {
	ranges := []StateRange{{20, 5}, {0, 5}}
	before := slices.Clone(ranges)
	planReads(ranges, (*ReadOptions)(nil).orDefaults())
	if !slices.Equal(ranges, before) {
		t.Errorf("became %v", ranges)
	}
}
