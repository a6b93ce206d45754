package dump

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
)

// Difference is a place where two descriptions do not agree.
type Difference struct {
	Path      string // $.operators[2].subtasks[0].managedKeyedState.shared[4].localPath
	Want, Got string // as JSON; "nothing" if the place is not there
}

func (d Difference) String() string {
	return fmt.Sprintf("%s\n\twant %s\n\tgot  %s", d.Path, d.Want, d.Got)
}

// Allow says which differences are none.
type Allow struct {
	// UnknownFields allows keys that the wanted description lacks: fields that a
	// release of Flink does not know.
	UnknownFields bool

	// DrawnIDs allows any handle id where null is wanted: Flink drew one, and then
	// wrote it.
	DrawnIDs bool
}

// enough differences are shown of one file; the rest follows from them.
const enough = 5

// Diff returns the first places where what we got differs from what it should be.
func Diff(want, got any, allow Allow) []Difference {
	d := differ{allow: allow}
	d.walk("$", want, got)
	return d.found
}

type differ struct {
	allow Allow
	found []Difference
}

// missing stands for what is not there, and equals nothing.
type missing struct{}

func (d *differ) walk(path string, want, got any) {
	if len(d.found) == enough {
		return
	}
	switch w := want.(type) {
	case object:
		if g, ok := got.(object); ok {
			d.walkObject(path, w, g)
			return
		}
	case list:
		if g, ok := got.(list); ok {
			d.walkList(path, w, g)
			return
		}
	default:
		if reflect.DeepEqual(want, got) {
			return
		}
	}
	d.found = append(d.found, Difference{Path: path, Want: show(want), Got: show(got)})
}

func (d *differ) walkObject(path string, want, got object) {
	keys := maps.Clone(want)
	if !d.allow.UnknownFields {
		maps.Copy(keys, got)
	}
	for _, key := range slices.Sorted(maps.Keys(keys)) {
		if key == "handleId" && want[key] == nil && d.allow.DrawnIDs {
			continue
		}
		d.walk(path+"."+key, member(want, key), member(got, key))
	}
}

func (d *differ) walkList(path string, want, got list) {
	for i := range max(len(want), len(got)) {
		d.walk(fmt.Sprintf("%s[%d]", path, i), element(want, i), element(got, i))
	}
}

func member(o object, key string) any {
	if v, ok := o[key]; ok {
		return v
	}
	return missing{}
}

func element(l list, i int) any {
	if i < len(l) {
		return l[i]
	}
	return missing{}
}

func show(v any) string {
	if v == (any)(missing{}) {
		return "nothing"
	}
	b, err := json.Marshal(v)
	if err != nil {
		return fmt.Sprint(v)
	}
	if len(b) > 300 {
		return string(b[:300]) + "…"
	}
	return string(b)
}
