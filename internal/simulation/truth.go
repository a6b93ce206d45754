package simulation

import (
	"encoding/json"
	"path"
	"strings"

	"github.com/cairnstate/cairn/coordinator"
	"github.com/cairnstate/cairn/coordinator/durable"
	"github.com/cairnstate/cairn/storage"
)

// recordName is what package durable calls its record.
const recordName = "_coordinator"

// openStore takes the job over.
func (l *leader) openStore(opts *coordinator.Options) error {
	w := l.world
	st, err := durable.Open(l.ctx, l.access, &durable.Options{
		Retain: w.job.retain, Name: l.name, Executor: executor{l.process}, Clock: clock{l.process}, Logger: l.logger(),
	})
	if err != nil {
		return err
	}
	opts.Discard = w.seams.discard(l.access)
	l.journal = w.seams.store(st)
	opts.Store, opts.IDCounter = l.journal, w.seams.counter(st.IDCounter())
	return nil
}

// isTruth reports whether the key is that of the record, or of one of its numbered
// contents, of any job.
func isTruth(key string) bool {
	return path.Base(key) == recordName || path.Base(path.Dir(key)) == recordName+".d"
}

// recorded is what of the record says what counts.
type recorded struct {
	State struct {
		Retained []struct {
			Pointer string `json:"pointer"`
		} `json:"retained"`
		Unfinished []json.RawMessage `json:"unfinished"`
		Discarding []json.RawMessage `json:"discarding"`
	} `json:"state"`
}

// truth reads what counts from a change of the record: of numbered contents the one of
// the highest number that there ever was.
func (h *history) truth(by *process, key string, data []byte) {
	if !strings.Contains(key, h.world.jobID.String()) {
		h.world.violated(Referenced, "%s changes %s, which is another job's", by.name, key)
		return
	}
	if numbered := path.Base(key) != recordName; numbered {
		if key <= h.number {
			return
		}
		h.number = key
	} else if h.world.noSwap {
		return // the mark that says so
	}
	var r recorded
	if data != nil {
		if err := json.Unmarshal(data, &r); err != nil {
			h.world.violated(Whole, "%s wrote %s: %v", by.name, key, err)
			return
		}
	}
	keys := make([]string, 0, len(r.State.Retained))
	for _, entry := range r.State.Retained {
		keys = append(keys, keyOf(entry.Pointer)+"/"+storage.MetadataFileName)
	}
	h.retain(by, keys)
	h.recorded = len(r.State.Unfinished) + len(r.State.Discarding)
}
