package metadata

import "github.com/cairnstate/cairn/checkpoint"

// The handles of the changelog state backend, behind their tags:
//
//	 8  backend, old      range, i64 checkpointed size, i32 n, n keyed handles (materialized),
//	                      i32 n, n keyed handles (9, 10 or 13), i64 materialization id, utf handle id
//	14  backend           the same, with i64 checkpoint id before the handle id
//	 9  changes inline    range, i64 from, i64 to,
//	                      i32 n, n times i32 key group and i32 length and bytes, utf handle id
//	10  changes in files, old
//	                      range, i32 n, n times i64 offset and stream handle,
//	                      i64 size, i64 checkpointed size, utf handle id
//	13  changes in files  the same, utf storage identifier
//
// Flink 1.14 wrote 8, 9 and 10 without the sizes called checkpointed, and without
// what is behind the lists but the size of 10.

const (
	keyedBytes   = 1 // of a keyed handle, at least
	changeBytes  = 8 // of a change, at least
	logPartBytes = 9 // of a part of a changelog file, at least
)

func (d *decoder) changelog(legacy bool) *checkpoint.ChangelogStateBackendHandle {
	h := d.mem.changelog.one(d)
	if !d.deeper() {
		return h
	}
	h.Legacy = legacy
	h.Range = d.keyGroupRange()
	if !d.earlyChangelog {
		h.CheckpointedSize = d.i64()
	}
	h.Materialized = d.keyedList("materialized part")
	h.NonMaterialized = d.keyedList("non-materialized part")
	if !d.earlyChangelog {
		h.MaterializationID = d.i64()
		if !legacy {
			h.CheckpointID = d.i64()
		}
		h.HandleID = d.utf()
	}
	d.changesOnly(h.NonMaterialized)
	d.depth--
	return h
}

func (e *encoder) changelog(h *checkpoint.ChangelogStateBackendHandle) {
	if h.Legacy {
		e.tag(tagChangelog)
	} else {
		e.tag(tagChangelogV2)
	}
	e.keyGroupRange(h.Range)
	if !e.earlyChangelog {
		e.i64(h.CheckpointedSize)
	}
	e.keyedList("materialized part", h.Materialized)
	e.keyedList("non-materialized part", h.NonMaterialized)
	if e.earlyChangelog {
		return
	}
	e.i64(h.MaterializationID)
	if !h.Legacy {
		e.i64(h.CheckpointID)
	}
	e.utf(h.HandleID)
}

func (d *decoder) keyedList(what string) []checkpoint.KeyedStateHandle {
	list := d.mem.keyed.slice(d, d.count("keyed state handles", keyedBytes))
	for i := range d.each(what, len(list)) {
		list[i] = d.keyed()
	}
	return list
}

func (e *encoder) keyedList(what string, list []checkpoint.KeyedStateHandle) {
	e.count(len(list))
	for i := range e.each(what, len(list)) {
		e.keyed(list[i])
	}
}

// changesOnly refuses a changelog that holds something else than changes.
func (d *decoder) changesOnly(list []checkpoint.KeyedStateHandle) {
	for i := range d.each("non-materialized part", len(list)) {
		switch h := list[i].(type) {
		case *checkpoint.InMemoryChangelogStateHandle, *checkpoint.ChangelogFileStateHandle:
		default:
			d.corrupt("it is a %T, and can only be a changelog", h)
		}
	}
}

func (d *decoder) inMemoryLog() *checkpoint.InMemoryChangelogStateHandle {
	h := d.mem.inMemory.one(d)
	h.Range = d.keyGroupRange()
	h.From, h.To = d.i64(), d.i64()
	h.Changes = d.mem.changes.slice(d, d.count("changes", changeBytes))
	for i := range d.each("change", len(h.Changes)) {
		h.Changes[i].KeyGroup = d.i32()
		h.Changes[i].Change = d.bytes32()
	}
	if !d.earlyChangelog {
		h.HandleID = d.utf()
	}
	return h
}

func (e *encoder) inMemoryLog(h *checkpoint.InMemoryChangelogStateHandle) {
	e.tag(tagInMemoryLog)
	e.keyGroupRange(h.Range)
	e.i64(h.From)
	e.i64(h.To)
	e.count(len(h.Changes))
	for i := range e.each("change", len(h.Changes)) {
		e.i32(h.Changes[i].KeyGroup)
		e.bytes32(h.Changes[i].Change)
	}
	if !e.earlyChangelog {
		e.utf(h.HandleID)
	}
}

func (d *decoder) logFile(legacy bool) *checkpoint.ChangelogFileStateHandle {
	h := d.mem.logFile.one(d)
	h.Legacy = legacy
	h.Range = d.keyGroupRange()
	h.Parts = d.mem.logParts.slice(d, d.count("changelog parts", logPartBytes))
	for i := range d.each("changelog part", len(h.Parts)) {
		h.Parts[i].Offset = d.i64()
		h.Parts[i].Handle = d.delegate()
	}
	h.Size = d.i64()
	if d.earlyChangelog {
		return h
	}
	h.CheckpointedSize = d.i64()
	h.HandleID = d.utf()
	if !legacy {
		h.StorageIdentifier = d.utf()
	}
	return h
}

func (e *encoder) logFile(h *checkpoint.ChangelogFileStateHandle) {
	if h.Legacy {
		e.tag(tagLogFile)
	} else {
		e.tag(tagLogFileV2)
	}
	e.keyGroupRange(h.Range)
	e.count(len(h.Parts))
	for i := range e.each("changelog part", len(h.Parts)) {
		e.i64(h.Parts[i].Offset)
		e.delegate(h.Parts[i].Handle)
	}
	e.i64(h.Size)
	if e.earlyChangelog {
		return
	}
	e.i64(h.CheckpointedSize)
	e.utf(h.HandleID)
	if !h.Legacy {
		e.utf(h.StorageIdentifier)
	}
}
