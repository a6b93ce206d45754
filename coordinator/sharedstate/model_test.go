package sharedstate_test

import (
	"bytes"
	"maps"
	"slices"
	"strings"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/coordinator/sharedstate"
)

// model is the registry in its simplest form: maps, and every question answered by
// looking at everything. It never sees two spellings of a path.
type model struct {
	entries   map[string]*modelEntry
	inline    map[string]*modelEntry
	foreign   map[string]bool
	noSharing map[int64]bool
	completed map[int64]bool
}

type modelEntry struct {
	path         string
	kind         mentionKind
	first, last  int64
	keepsCreator bool
	confirmed    bool
	size         int64 // -2 if no handle to share says one
	data         []byte
}

func newModel() *model {
	return &model{
		entries: map[string]*modelEntry{}, inline: map[string]*modelEntry{}, foreign: map[string]bool{},
		noSharing: map[int64]bool{}, completed: map[int64]bool{},
	}
}

func (m *model) successor() *model {
	next := newModel()
	next.foreign = maps.Clone(m.foreign)
	return next
}

func (m *model) register(id int64, directory string, mentions []mention, owned, noSharing bool) {
	m.completed[id], m.noSharing[id] = true, noSharing
	for _, mention := range append([]mention{{kind: aPrivate, key: directory, path: directory}}, mentions...) {
		_, _ = m.mention(id, mention)
		if mention.kind != anInline && !owned {
			m.foreign[mention.key] = true
		}
	}
}

// acknowledge returns the handles of then.
func (m *model) acknowledge(id int64, mentions []mention) (filled []checkpoint.StreamStateHandle, err error) {
	for _, mention := range mentions {
		h, err := m.mention(id, mention)
		if err != nil {
			return nil, err
		}
		if mention.kind == aPlaceholder {
			filled = append(filled, h)
		}
	}
	return filled, nil
}

func (m *model) disown(directory string, mentions []mention) {
	m.foreign[directory] = true
	for _, mention := range mentions {
		if mention.kind != anInline && m.entries[mention.key] != nil {
			m.foreign[mention.key] = true
		}
	}
}

func (m *model) mention(id int64, u mention) (checkpoint.StreamStateHandle, error) {
	switch u.kind {
	case aPlaceholder:
		if e := m.entries[u.key]; e != nil && e.size != -2 {
			u.kind, u.size = aFile, e.size
			_, err := m.mention(id, u)
			return &checkpoint.FileStateHandle{Path: u.path, Size: e.size}, err
		}
		if e := m.inline[u.path]; e != nil {
			return &checkpoint.ByteStreamStateHandle{HandleName: u.path, Data: e.data}, m.use(m.inline, id, mention{kind: anInline, key: u.path, path: u.path, data: e.data})
		}
		return nil, sharedstate.ErrUnknownPlaceholder
	case anInline:
		return nil, m.use(m.inline, id, u)
	}
	return nil, m.use(m.entries, id, u)
}

func (m *model) use(entries map[string]*modelEntry, id int64, u mention) error {
	e := entries[u.key]
	if e == nil {
		e = &modelEntry{path: u.path, kind: u.kind, first: id, last: id, size: -2, data: u.data}
		entries[u.key] = e
	}
	e.confirmed = e.confirmed || m.completed[e.first] || m.completed[e.last]
	if e.kind != u.kind || strings.HasSuffix(u.key, "/") {
		e.kind = aPrivate
	}
	e.keepsCreator = e.keepsCreator || u.materialized
	e.first, e.last = min(e.first, id), max(e.last, id)
	resized := u.kind == aFile && e.size >= 0 && u.size >= 0 && e.size != u.size
	if e.confirmed && (resized || !bytes.Equal(e.data, u.data)) {
		return sharedstate.ErrOverwritten
	}
	if e.data = u.data; u.kind == aFile && (e.size == -2 || u.size >= 0) {
		e.size = u.size
	}
	return nil
}

func (m *model) unregister(lowest int64) sharedstate.Unused {
	unused := sharedstate.Unused{InUse: map[int64]bool{}}
	maps.DeleteFunc(m.completed, func(id int64, _ bool) bool { return id < lowest })
	maps.DeleteFunc(m.inline, func(_ string, e *modelEntry) bool { return e.last < lowest })
	occupied := map[string]bool{}
	for key, e := range m.entries {
		occupied[key] = e.kind == aDirectory && m.occupied(key, lowest)
	}
	for key, e := range m.entries {
		switch {
		case e.last >= lowest || occupied[key]:
			if e.keepsCreator || m.noSharing[e.first] {
				unused.InUse[e.first] = true
			}
			continue
		case !m.foreign[key] && e.kind != aPrivate:
			unused.Deletions = append(unused.Deletions, sharedstate.Deletion{Path: e.path, Directory: e.kind == aDirectory})
		}
		delete(m.entries, key)
	}
	return unused
}

func (m *model) occupied(dir string, lowest int64) bool {
	if m.foreign[dir] {
		return false // nobody deletes it
	}
	for key, e := range m.entries {
		if e.last >= lowest && strings.HasPrefix(key, dir+"/") {
			return true
		}
	}
	return slices.ContainsFunc(slices.Collect(maps.Keys(m.foreign)), func(key string) bool { return strings.HasPrefix(key, dir+"/") })
}
