package restore

import (
	"fmt"
	"slices"

	"github.com/cairnstate/cairn/checkpoint"
)

// SuggestionKind says what a suggestion is about.
type SuggestionKind string

// The kinds of suggestions.
const (
	SuggestEven          SuggestionKind = "uneven key groups"
	SuggestUnion         SuggestionKind = "union state"
	SuggestSkew          SuggestionKind = "skew"
	SuggestHotKeyGroup   SuggestionKind = "hot key group"
	SuggestAmplification SuggestionKind = "read amplification"
)

// Suggestion is how a plan that works could be better.
type Suggestion struct {
	Kind   SuggestionKind
	Vertex string // name or id
	Reason string // what is poor about the plan
	Advice string
}

// When a plan is worth a word. Less is in the noise of a running job.
const (
	unevenFrom        = 1.10    // the largest share of key groups over the average
	skewFrom          = 2.0     // the largest subtask over the median
	amplificationFrom = 1.5     // keyed bytes read over stored
	largeFrom         = 1 << 20 // bytes of a subtask, or read again: less is not worth a word
	unionHandlesFrom  = 1 << 20 // handles given out: what Flink would make of it in memory
	unionBytesFrom    = 1 << 30
)

// Suggest returns what could be better, vertex after vertex. An even, cheap plan
// gets none.
func Suggest(p *Plan) []Suggestion {
	var all []Suggestion
	for i := range p.Vertices {
		v := &p.Vertices[i]
		for _, look := range []func(*VertexPlan) *Suggestion{uneven, skewed, hot, amplified, exploding} {
			if s := look(v); s != nil {
				s.Vertex = vertexLabel(v.Vertex.Vertex)
				all = append(all, *s)
			}
		}
	}
	return all
}

func uneven(v *VertexPlan) *Suggestion {
	keyGroups, parallelism := v.Vertex.MaxParallelism, v.Vertex.Parallelism
	most := (keyGroups + parallelism - 1) / parallelism
	if len(v.Keyed) == 0 || float64(most)*float64(parallelism) < unevenFrom*float64(keyGroups) {
		return nil
	}
	below, above := Divisors(keyGroups, parallelism)
	return &Suggestion{
		Kind: SuggestEven,
		Reason: fmt.Sprintf("parallelism %d does not divide %d key groups evenly: some subtasks own %d, others %d",
			parallelism, keyGroups, most, keyGroups/parallelism),
		Advice: fmt.Sprintf("%d and %d divide them", below, above),
	}
}

// Divisors returns the nearest parallelisms that divide the key groups evenly:
// not above and not below the given one. They are the same if it does so itself.
func Divisors(keyGroups, parallelism int32) (below, above int32) {
	for below = parallelism; keyGroups%below != 0; {
		below--
	}
	for above = parallelism; keyGroups%above != 0; {
		above++
	}
	return below, above
}

func skewed(v *VertexPlan) *Suggestion {
	spread := v.Spread()
	skew, ok := spread.Skew()
	if !ok || skew < skewFrom || spread.Largest < largeFrom || amplified(v) != nil {
		return nil // what is read more than once has a reason of its own
	}
	return &Suggestion{
		Kind: SuggestSkew,
		Reason: fmt.Sprintf("subtask %d, with key groups %s, reads %.1f times the median",
			spread.Subtask, v.Vertex.KeyGroups(spread.Subtask), skew),
		Advice: "it will be the last to start; look for hot keys, or for state that one subtask holds for all",
	}
}

// hot finds a key group that is more than an even share of a subtask by itself:
// no parallelism makes it smaller.
func hot(v *VertexPlan) *Suggestion {
	for i := range v.Keyed {
		byKeyGroup := v.Keyed[i].ByKeyGroup
		if len(byKeyGroup) == 0 {
			continue
		}
		largest, sum := slices.Max(byKeyGroup), int64(0)
		for _, bytes := range byKeyGroup {
			sum += bytes
		}
		if share := float64(sum) / float64(v.Vertex.Parallelism); float64(largest) >= skewFrom*share && largest >= largeFrom {
			return &Suggestion{
				Kind: SuggestHotKeyGroup,
				Reason: fmt.Sprintf("key group %d has %.1f times what a subtask would have if all were even",
					slices.Index(byKeyGroup, largest), float64(largest)/share),
				Advice: "a key group cannot be divided by rescaling; look for hot keys in it",
			}
		}
	}
	return nil
}

func amplified(v *VertexPlan) *Suggestion {
	times, ok := ratio(v.Read.Keyed, v.Stored.Keyed)
	if !ok || times < amplificationFrom || v.Read.Keyed-v.Stored.Keyed < largeFrom || !slices.ContainsFunc(v.Keyed, v.readsBeyond) {
		return nil
	}
	return &Suggestion{
		Kind: SuggestAmplification,
		Reason: fmt.Sprintf("subtasks read %.1f times the keyed state there is: going from %d to %d of them, they share incremental state, which each reads whole",
			times, v.OldParallelism, v.Vertex.Parallelism),
		Advice: v.adviseFactor(),
	}
}

// readsBeyond reports whether subtasks read key groups that they do not own.
func (v *VertexPlan) readsBeyond(k KeyedPlan) bool {
	return slices.ContainsFunc(k.Reads, func(r KeyedRead) bool {
		owned := v.Vertex.KeyGroups(r.Subtask)
		return r.KeyGroups.Start < owned.Start || r.KeyGroups.Last() > owned.Last()
	})
}

func (v *VertexPlan) adviseFactor() string {
	const canonical = "a canonical savepoint lets each subtask read only its own key groups"
	old, parallelism := v.OldParallelism, v.Vertex.Parallelism
	if parallelism%old == 0 {
		return canonical
	}
	factor := parallelism / old
	if factor == 0 {
		below, above := Divisors(old, parallelism)
		if below == above {
			return canonical
		}
		return fmt.Sprintf("at %d or %d, which divide %d, each file is read once; or %s", below, above, old, canonical)
	}
	if next := (factor + 1) * old; next <= min(v.Vertex.MaxParallelism, checkpoint.UpperBoundMaxParallelism) {
		return fmt.Sprintf("a multiple of %d, as %d or %d, shares each file among the fewest; or %s", old, factor*old, next, canonical)
	}
	return fmt.Sprintf("%d, a multiple of %d, shares each file among the fewest; or %s", factor*old, old, canonical)
}

func exploding(v *VertexPlan) *Suggestion {
	if v.Union.Handles < unionHandlesFrom && v.Union.Bytes < unionBytesFrom {
		return nil
	}
	return &Suggestion{
		Kind: SuggestUnion,
		Reason: fmt.Sprintf("each of %d subtasks reads all union state: %d state handles and %d bytes in all",
			v.Vertex.Parallelism, v.Union.Handles, v.Union.Bytes),
		Advice: "Flink makes as many handles in the job manager; lower the parallelism, or keep this in list or broadcast state",
	}
}
