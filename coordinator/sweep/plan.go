package sweep

import (
	"fmt"
	"strings"
)

// Plan is what a sweep is to do.
type Plan struct {
	// Dispose are directories that go whole.
	Dispose []Disposal
	// Shared are files of shared, by their names in the job's directory.
	Shared      []string
	SharedBytes int64
	// Kept are leftovers that stay.
	Kept []Kept
	// Ended are the ids of leftovers that there is nothing to do about.
	Ended []int64
}

// Disposal is a directory that goes.
type Disposal struct {
	ID        int64
	Directory string
	// Complete says that it is a checkpoint, whose name goes first.
	Complete bool
	Files    int
	Bytes    int64
}

// Kept is a leftover that stays, and why.
type Kept struct {
	ID        int64
	Directory string
	Why       string
}

func (p *Plan) keep(left Leftover, why string) {
	p.Kept = append(p.Kept, Kept{ID: left.ID, Directory: left.Directory, Why: why})
}

func disposal(left Leftover) Disposal {
	d := Disposal{ID: left.ID, Directory: left.Directory, Complete: left.complete(), Files: len(left.Files)}
	for _, file := range left.Files {
		d.Bytes += file.Size
	}
	return d
}

// Empty reports whether nothing is deleted.
func (p *Plan) Empty() bool { return len(p.Dispose)+len(p.Shared) == 0 }

// String tells the plan, a line for each directory.
func (p *Plan) String() string {
	var b strings.Builder
	for _, d := range p.Dispose {
		what := "unfinished"
		if d.Complete {
			what = "complete, and nobody's"
		}
		fmt.Fprintf(&b, "dispose of %s: %s, %d files, %d bytes\n", d.Directory, what, d.Files, d.Bytes)
	}
	if len(p.Shared) > 0 {
		fmt.Fprintf(&b, "discard %d files of shared that no checkpoint mentions, %d bytes\n", len(p.Shared), p.SharedBytes)
	}
	for _, k := range p.Kept {
		fmt.Fprintf(&b, "keep %s: %s\n", k.Directory, k.Why)
	}
	if b.Len() == 0 {
		return "nothing to sweep\n"
	}
	return b.String()
}
