package durable

import (
	"cmp"
	"slices"
	"time"

	"github.com/cairnstate/cairn/coordinator/completed"
	"github.com/cairnstate/cairn/coordinator/sharedstate"
)

// ledger is what a job's coordinators must not forget. Its methods return what becomes
// of it, and leave it as it was: its slices are never changed in place.
type ledger struct {
	Job        string              `json:"job"`
	Epoch      int64               `json:"epoch"` // rises with each leader
	Leader     leader              `json:"leader"`
	Change     int64               `json:"change"` // rises with each try to write
	Changed    time.Time           `json:"changed"`
	Next       int64               `json:"next"` // id
	Ended      completed.JobStatus `json:"ended,omitempty"`
	Concluded  bool                `json:"concluded,omitempty"` // whoever ended it lived to say so
	Retained   []entry             `json:"retained"`            // oldest first
	Unfinished []directory         `json:"unfinished"`          // ids that were taken
	Discarding []directory         `json:"discarding"`
	Aborted    idSet               `json:"aborted,omitempty"`   // ids that their own leader ended
	GivenUp    idSet               `json:"givenUp,omitempty"`   // ids that a later one ended: the own may still write, and publish
	Abandoned  []directory         `json:"abandoned,omitempty"` // savepoints that were ended and not completed
	Claimed    []string            `json:"claimed,omitempty"`   // pointers of the job's own checkpoints in other directories
}

type leader struct {
	Name  string    `json:"name"` // for people
	Token string    `json:"token"`
	Since time.Time `json:"since"`
}

// directory is one that is half written, or half deleted.
type directory struct {
	ID        int64  `json:"id"`
	Directory string `json:"directory,omitempty"` // empty for chk-N in the job's
	Savepoint bool   `json:"savepoint,omitempty"`
	Epoch     int64  `json:"epoch"` // of the leader who began
}

// mostGivenUp is how many ids are remembered for what comes late.
const mostGivenUp = 256

// mostAbandoned is how many savepoints are remembered for the same reason.
const mostAbandoned = 64

// mostClaimed is how many claimed checkpoints are remembered for what they shared.
const mostClaimed = 64

// mostUnfinished and mostDiscarding are how many directories are remembered of a store
// that deletes nothing, as one may that is not allowed to: the record must not become too
// large to be written, for then there would be no checkpoints at all.
const (
	mostUnfinished = 1024
	mostDiscarding = 1024
)

// lead makes somebody the leader. How the job ended stays true until it runs again, that
// is, takes an id or restores something.
func (l ledger) lead(who leader) ledger {
	l.Epoch++
	l.Leader = who
	return l
}

// take takes an id.
func (l ledger) take() (ledger, int64) {
	l = l.runs()
	id := l.Next
	l.Next++
	l.Unfinished = appended(l.Unfinished, directory{ID: id, Epoch: l.Epoch})
	if len(l.Unfinished) > mostUnfinished {
		l = l.end(map[int64]bool{l.Unfinished[0].ID: true}) // nobody is still at it
	}
	return l, id
}

// begin says where the savepoint of an id is being written.
func (l ledger) begin(d completed.Leftover) ledger {
	l.Unfinished = appended(
		without(l.Unfinished, func(other directory) bool { return other.ID == d.ID }),
		directory{ID: d.ID, Directory: d.Directory, Savepoint: d.Savepoint, Epoch: l.Epoch})
	return l
}

// complete forgets the savepoint of an id, which is the user's now.
func (l ledger) complete(id int64) ledger {
	l.Unfinished = without(l.Unfinished, func(d directory) bool { return d.ID == id })
	return l
}

// end forgets directories that are complete or gone, but for what may come late.
func (l ledger) end(ids map[int64]bool) ledger {
	for _, d := range l.Unfinished {
		switch {
		case !ids[d.ID]:
		case d.Savepoint:
			l.Abandoned = appended(l.Abandoned, d)
			l.Abandoned = l.Abandoned[max(0, len(l.Abandoned)-mostAbandoned):]
		case d.Epoch < l.Epoch:
			l.GivenUp = l.GivenUp.with(d.ID, mostGivenUp)
		default:
			l.Aborted = l.Aborted.with(d.ID, mostGivenUp)
		}
	}
	ended := func(d directory) bool { return ids[d.ID] }
	l.Unfinished = without(l.Unfinished, ended)
	l.Discarding = without(l.Discarding, ended)
	return l
}

// add retains a checkpoint as the newest, and returns those that it pushes out. What is
// the job's of them is being discarded from then on. inJob returns the directory of an
// id in the job's directory.
func (l ledger) add(c *completed.Checkpoint, retain int, inJob func(id int64) string) (ledger, []*completed.Checkpoint) {
	if slices.ContainsFunc(l.Retained, func(e entry) bool { return e.checkpoint == c }) {
		return l, nil // it was in doubt whether it was added, and it was
	}
	l = l.runs()
	pointer := c.ExternalPointer()
	here := sharedstate.SamePath(pointer, inJob(c.ID))
	l.Unfinished = without(l.Unfinished, func(d directory) bool {
		return d.ID == c.ID && (d.Directory == "" && here || d.Directory != "" && sharedstate.SamePath(d.Directory, pointer))
	})
	if here {
		l.GivenUp, l.Aborted = l.GivenUp.without(c.ID), l.Aborted.without(c.ID)
	} else if c.Owned && !slices.Contains(l.Claimed, pointer) {
		l.Claimed = appended(l.Claimed, pointer)
		l.Claimed = l.Claimed[max(0, len(l.Claimed)-mostClaimed):]
	}
	l.Next = max(l.Next, c.ID+1)
	kept, subsumed := completed.Subsume(append(l.checkpoints(), c), retain)
	l = l.retain(kept)
	return l.discard(slices.DeleteFunc(slices.Clone(subsumed), func(c *completed.Checkpoint) bool {
		return !c.Properties.DiscardSubsumed
	})), subsumed
}

// finish is the end of the job, for good: nothing is retained any more.
func (l ledger) finish(status completed.JobStatus) (_ ledger, discard, retain []*completed.Checkpoint) {
	discard, retain = completed.ToDiscard(l.checkpoints(), status)
	l = l.retain(retain).discard(discard)
	l.Retained = nil
	l.Ended, l.Concluded = status, false
	return l, discard, retain
}

// retain makes these, which are among those that are loaded, the retained ones. None
// of them is being discarded, even if it was: somebody has restored it again.
func (l ledger) retain(checkpoints []*completed.Checkpoint) ledger {
	entries := make([]entry, 0, len(checkpoints))
	for _, c := range checkpoints {
		known := slices.IndexFunc(l.Retained, func(e entry) bool { return e.checkpoint == c })
		if known >= 0 {
			entries = append(entries, l.Retained[known])
		} else {
			entries = append(entries, newEntry(c))
		}
	}
	l.Retained = entries
	l.Discarding = without(l.Discarding, func(d directory) bool { return l.retains(d.Directory) })
	return l
}

// discard records what is to be deleted, if it is the job's and not retained elsewhere
// in the list.
func (l ledger) discard(checkpoints []*completed.Checkpoint) ledger {
	for _, c := range checkpoints {
		if c.Owned && !l.retains(c.ExternalPointer()) {
			l.Discarding = appended(l.Discarding, directory{ID: c.ID, Directory: c.ExternalPointer(), Epoch: l.Epoch})
		}
	}
	l.Discarding = l.Discarding[max(0, len(l.Discarding)-mostDiscarding):]
	return l
}

func (l ledger) retains(pointer string) bool {
	return slices.ContainsFunc(l.Retained, func(e entry) bool { return sharedstate.SamePath(e.Pointer, pointer) })
}

// checkpoints returns what is retained, as far as it is loaded.
func (l ledger) checkpoints() []*completed.Checkpoint {
	var checkpoints []*completed.Checkpoint
	for _, e := range l.Retained {
		if e.checkpoint != nil {
			checkpoints = append(checkpoints, e.checkpoint)
		}
	}
	return checkpoints
}

// loadedAs returns the ledger with what the other has loaded.
func (l ledger) loadedAs(other ledger) ledger {
	l.Retained = slices.Clone(l.Retained)
	for i := range l.Retained {
		e := &l.Retained[i]
		for _, o := range other.Retained {
			if e.checkpoint == nil && o.ID == e.ID && o.Pointer == e.Pointer {
				e.checkpoint = o.checkpoint
			}
		}
	}
	return l
}

// conclude is the last that is written of a job that ended. If something is left to do the
// record outlives the job, and must not keep it from running again: who ended it is there
// to say so.
func (l ledger) conclude() ledger {
	l.Concluded = !l.settled()
	return l
}

// runs is the job at work, however it ended before.
func (l ledger) runs() ledger {
	l.Ended, l.Concluded = "", false
	return l
}

// settled reports whether nothing is left to do.
func (l ledger) settled() bool {
	return len(l.Retained)+len(l.Unfinished)+len(l.Discarding) == 0
}

// leftovers returns what leaders before the epoch have left.
func (l ledger) leftovers(epoch int64) []completed.Leftover {
	var left []completed.Leftover
	for _, id := range l.GivenUp {
		left = append(left, completed.Leftover{ID: id})
	}
	for _, id := range l.Aborted {
		left = append(left, completed.Leftover{ID: id, Ended: true})
	}
	for _, d := range slices.Concat(l.Abandoned, l.Unfinished) {
		if d.Epoch < epoch {
			left = append(left, completed.Leftover{ID: d.ID, Directory: d.Directory, Savepoint: d.Savepoint})
		}
	}
	for _, d := range l.Discarding {
		if d.Epoch < epoch {
			left = append(left, completed.Leftover{ID: d.ID, Directory: d.Directory, Discarding: true})
		}
	}
	slices.SortStableFunc(left, func(a, b completed.Leftover) int { return cmp.Compare(a.ID, b.ID) })
	return left
}

// appended returns a list with one more, which shares no memory.
func appended[T any](list []T, one T) []T { return append(slices.Clone(list), one) }

// without returns a list without some, which shares no memory.
func without(list []directory, out func(directory) bool) []directory {
	return slices.DeleteFunc(slices.Clone(list), out)
}
