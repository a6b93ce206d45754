package simulation

import (
	"cmp"
	"maps"
	"path"
	"slices"
	"time"

	"github.com/cairnstate/cairn/coordinator"
)

// expectProgress expects a job that nothing disturbs to complete checkpoints.
func (w *world) expectProgress() {
	before := len(w.history.ever)
	for range patience {
		if w.until(w.now + time.Second); len(w.history.ever) >= before+enough || w.wrong != nil {
			return
		}
	}
	w.violated(Progress, "%d checkpoints completed in %d seconds without a fault", len(w.history.ever)-before, patience)
}

// A job without faults has so many seconds to complete so many checkpoints.
const (
	patience = 40
	enough   = 2
)

// judgeOrphans expects that nothing is on the disk but what is needed, and the record of
// it.
func (w *world) judgeOrphans() {
	if w.wrong != nil {
		return
	}
	needed, busy := w.history.needed()
	for _, key := range sortedKeys(w.disk.objects) {
		o := w.disk.objects[key]
		switch {
		case needed[key] || busy[path.Dir(key)] || isTruth(key) || w.late[key]:
			continue
		case w.over && (o.late || o.at >= w.overAt || o.leader != w.overBy):
			w.late[key] = true // of a job that has ended nobody sweeps any more
			continue
		case o.leader < w.first && !w.claims(path.Dir(key)):
			continue
		}
		w.violated(NoOrphans, "%s is left, which %s wrote at %s; the latest checkpoint is %d", key, o.by, o.at, w.history.latest())
	}
}

// claims reports whether the directory became this job's with what it goes on from.
// Others of that do not: what a claimed checkpoint uses of what its own job had claimed
// stays. Nor, after a crash, what it shared: nobody lists that directory.
func (w *world) claims(directory string) bool {
	claimed := keyOf(w.settings.Path)
	return w.settings.ClaimMode == coordinator.Claim &&
		(directory == claimed || w.quiet && directory == path.Dir(claimed)+"/"+sharedName)
}

// needed returns the files that checkpoints need which count, and that complete
// savepoints do. Also the directories of single checkpoints in which such a file is: one
// that was claimed, and pushed out, stays whole while another uses a file in it.
func (h *history) needed() (files, directories map[string]bool) {
	files, directories = make(map[string]bool), make(map[string]bool)
	need := func(key string) {
		files[key] = true
		if directory := path.Dir(key); path.Base(directory) != sharedName {
			directories[directory] = true
		}
	}
	for _, n := range h.names {
		if n.gone || !slices.Contains(h.retained, n) && !slices.Contains(h.user, n) && (!n.savepoint || n.claimed) {
			continue
		}
		need(n.key)
		for key := range n.files {
			need(key)
		}
	}
	return files, directories
}

// sharedName is the directory of files that checkpoints share.
const sharedName = "shared"

func sortedKeys[K cmp.Ordered, V any](m map[K]V) []K { return slices.Sorted(maps.Keys(m)) }
