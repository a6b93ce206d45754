package sweep

import (
	"cmp"
	"errors"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/cairnstate/cairn/coordinator/sharedstate"
	"github.com/cairnstate/cairn/storage"
)

// stateFile is how state files are named, by Flink and by us.
var stateFile = regexp.MustCompile(`^shared/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$`)

// Decide makes the plan. The error is [ErrDoubt] if the metadata of a checkpoint that
// stays cannot be read.
func Decide(f *Facts) (*Plan, error) {
	d := &decision{facts: f, used: make(map[string]string), plan: &Plan{}}
	d.candidates = d.unused()
	for _, root := range f.Roots {
		if d.candidate(root.Directory) == nil {
			d.count(root)
		}
	}
	d.settle()
	if err := errors.Join(d.doubts...); err != nil {
		return nil, fmt.Errorf("coordinator/sweep: nothing is deleted: %w: %w; mend the file, or move the checkpoint away", ErrDoubt, err)
	}
	for _, left := range d.candidates {
		d.plan.Dispose = append(d.plan.Dispose, disposal(left))
	}
	d.shared()
	return d.plan, nil
}

type decision struct {
	facts      *Facts
	candidates []Leftover        // directories that go unless something in them is in use
	used       map[string]string // names of files in use, and by which checkpoint
	doubts     []error
	plan       *Plan
}

// unused returns the leftovers that may go. Of the others the plan says why not.
func (d *decision) unused() []Leftover {
	var candidates []Leftover
	for _, left := range d.facts.Leftovers {
		switch {
		case left.Err != nil:
			d.plan.keep(left, fmt.Sprintf("it cannot be listed: %v", left.Err))
		case d.retained(left.Directory):
			d.plan.keep(left, "it is retained")
		case len(left.Files) == 0:
			d.plan.Ended = append(d.plan.Ended, left.ID)
		case left.Savepoint && left.complete():
			d.plan.keep(left, "it is complete, and the user's")
			d.plan.Ended = append(d.plan.Ended, left.ID)
		case left.Ended && left.complete():
			d.plan.keep(left, "it is complete, and who began it says that it is not his")
		case !left.ownsAll():
			d.plan.keep(left, "it has no name of a checkpoint's directory, and may hold anything; delete it by hand")
		default:
			candidates = append(candidates, left)
		}
	}
	return candidates
}

func (d *decision) retained(directory string) bool {
	return slices.ContainsFunc(d.facts.Roots, func(root Root) bool {
		return root.Retained && sharedstate.SamePath(root.Directory, directory)
	})
}

// complete reports whether the directory is a checkpoint.
func (l *Leftover) complete() bool {
	return slices.ContainsFunc(l.Files, func(file storage.StoredFile) bool {
		name := strings.TrimPrefix(file.Name, path.Base(l.Directory)+"/")
		return name == storage.MetadataFileName
	})
}

func (l *Leftover) ownsAll() bool {
	name := path.Base(l.Directory)
	_, isCheckpoint := storage.CheckpointNumber(name)
	return isCheckpoint || strings.HasPrefix(name, "savepoint-")
}

func (d *decision) candidate(directory string) *Leftover {
	for i := range d.candidates {
		if sharedstate.SamePath(d.candidates[i].Directory, directory) {
			return &d.candidates[i]
		}
	}
	return nil
}

// count has the files of a root be in use. If nobody knows which they are, that is a doubt.
func (d *decision) count(root Root) {
	if root.Err != nil {
		d.doubts = append(d.doubts, root.Err)
		return
	}
	for name := range root.Names {
		d.used[name] = cmp.Or(d.used[name], root.Directory)
	}
}

// settle keeps directories that something in use lies in. Whatever else is in them is
// in use too then, if they are checkpoints, until nothing changes any more.
func (d *decision) settle() {
	for {
		i := slices.IndexFunc(d.candidates, func(left Leftover) bool { return d.user(left) != "" })
		if i < 0 {
			return
		}
		left := d.candidates[i]
		d.plan.keep(left, "files in it are in use by "+d.user(left))
		d.candidates = slices.Delete(d.candidates, i, i+1)
		for _, root := range d.facts.Roots {
			if sharedstate.SamePath(root.Directory, left.Directory) {
				d.count(root)
			}
		}
	}
}

// user returns the checkpoint that uses a file in the directory, if one does.
func (d *decision) user(left Leftover) string {
	for _, file := range left.Files {
		if by := d.used[path.Base(file.Name)]; by != "" {
			return by
		}
	}
	return ""
}

// shared takes the files of shared that nothing mentions.
func (d *decision) shared() {
	for _, file := range d.facts.Shared {
		if !stateFile.MatchString(file.Name) || d.used[path.Base(file.Name)] != "" {
			continue
		}
		d.plan.Shared = append(d.plan.Shared, file.Name)
		d.plan.SharedBytes += file.Size
	}
}
