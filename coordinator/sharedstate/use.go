package sharedstate

import "strings"

// mention records that a checkpoint mentions something. It fails if state of a
// completed checkpoint has that name, which then stays what it is.
func (r *Registry) mention(m *mention, checkpointID int64) error {
	if m.kind == kept {
		if !r.handles.keep(m.use, checkpointID, r.completed) {
			return ErrOverwritten
		}
		return nil
	}
	if e := m.find(&r.paths); e != nil {
		return r.again(e, &m.use, checkpointID)
	}
	r.first(m, checkpointID)
	return nil
}

// first makes an entry.
func (r *Registry) first(m *mention, checkpointID int64) {
	e := r.paths.add(&m.key, m.hash)
	e.usage = usage{checkpointID, checkpointID}
	e.kind, e.keepsCreator = m.kind, m.keepsCreator
	if r.isForeign(e) || r.isRoot(e) {
		e.kind = pin
	}
	if m.handle != nil {
		e.size = m.handle.StateSize()
	}
}

// again records a mention of what is known.
func (r *Registry) again(e *entry, u *use, checkpointID int64) error {
	e.confirmed = r.completed.confirm(e.confirmed, e.usage)
	e.usedBy(checkpointID)
	e.keepsCreator = e.keepsCreator || u.keepsCreator
	if e.kind != u.kind {
		e.kind = pin // two minds about whose it is: not ours
	}
	if u.handle == nil {
		return nil
	}
	size := u.handle.StateSize()
	if e.confirmed && e.resized(size) {
		return ErrOverwritten
	}
	e.share(size)
	return nil
}

func (r *Registry) isForeign(e *entry) bool {
	if len(r.foreign) == 0 {
		return false
	}
	_, foreign := r.foreign[r.paths.canonical(e)]
	return foreign
}

// isRoot says whether the path is that of a whole store.
func (r *Registry) isRoot(e *entry) bool {
	return e.form == noName && strings.HasSuffix(r.paths.canonical(e), "/")
}
