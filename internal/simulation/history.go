package simulation

import (
	"path"
	"slices"
	"strings"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/storage"
)

// history is what the world knows to be true, and no process does: it sees each change
// of the disk in the step in which it is made.
type history struct {
	world *world

	names map[string]*named // by key: metadata files that are there, or were
	uses  map[string]int    // by key: how many snapshots that count need the file
	user  []*named          // what the user has: nobody may touch it

	// Of the job that runs; a job that goes on from its snapshots has others.
	owners   map[int64]*process            // of ids: who triggered it
	claims   map[int64]map[string][]string // by id and subtask: the files that it acknowledged
	retained []*named                      // what counts as complete now, oldest first
	course   []int64                       // what was the latest of them, one after another; -1 for none
	ever     map[int64]bool                // ids that counted at any time
	recorded int                           // directories that the record says are left to be deleted
	number   string                        // the highest key of numbered contents of the record
	finished map[string]bool               // subtasks that have come to their end, in some attempt
}

// named is a metadata file.
type named struct {
	key       string
	id        int64
	job       checkpoint.JobID
	by        *process
	files     map[string]int64 // by key: the size that the metadata tells
	subtasks  int              // that it has state of
	beside    string           // the states of the coordinator and the hook
	wrong     string           // what is not as it was acknowledged
	savepoint bool
	gone      bool
	claimed   bool // by a job that goes on from it
}

func newHistory(w *world) *history {
	h := &history{world: w, names: make(map[string]*named), uses: make(map[string]int)}
	w.disk.watch = h.changed
	h.begin()
	return h
}

// begin begins with another job.
func (h *history) begin() {
	h.owners = make(map[int64]*process)
	h.claims = make(map[int64]map[string][]string)
	h.ever = make(map[int64]bool)
	h.finished = make(map[string]bool)
	h.retained, h.number, h.course, h.recorded = nil, "", []int64{-1}, 0
}

// changed sees a change of the disk.
func (h *history) changed(by *process, key string, before, after *object) {
	if after == nil {
		h.deleted(by, key)
		return
	}
	switch {
	case isTruth(key):
		h.truth(by, key, after.data)
	case before != nil:
		h.world.violated(OneWinner, "%s wrote %s, which %s had written", by.name, key, before.by)
	case path.Base(key) == storage.MetadataFileName:
		h.published(by, key, after.data)
	}
}

func (h *history) deleted(by *process, key string) {
	if isTruth(key) {
		h.truth(by, key, nil)
		return
	}
	if h.uses[key] > 0 {
		h.world.violated(Referenced, "%s deleted %s, which is needed by %s", by.name, key, h.usersOf(key))
	}
	if n := h.names[key]; n != nil {
		n.gone = true
	}
}

func (h *history) usersOf(key string) string {
	var users []string
	for _, n := range h.names {
		if _, uses := n.files[key]; (uses || n.key == key) && (slices.Contains(h.retained, n) || slices.Contains(h.user, n)) {
			users = append(users, path.Dir(n.key))
		}
	}
	slices.Sort(users)
	return strings.Join(users, " and ")
}
