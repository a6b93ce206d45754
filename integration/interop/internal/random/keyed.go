package random

import (
	"fmt"

	"github.com/cairnstate/cairn/checkpoint"
)

func (g *Generator) maybeKeyed(probability float64, position string) checkpoint.KeyedStateHandle {
	if !g.chance(probability) {
		return nil
	}
	return g.keyed(position)
}

func (g *Generator) keyed(position string) checkpoint.KeyedStateHandle {
	kinds := []func() checkpoint.KeyedStateHandle{g.keyedKeyGroups, g.incremental}
	if g.words.changelog() {
		kinds = append(kinds, g.changelog, g.changes)
	}
	h := pick(g, kinds)()
	g.hit(position + ": " + encoding(h))
	return h
}

// encoding names a handle and the way it is written.
func encoding(handle checkpoint.KeyedStateHandle) string {
	switch h := handle.(type) {
	case *checkpoint.KeyGroupsStateHandle:
		return fmt.Sprintf("key groups, encoding %d", h.Encoding)
	case *checkpoint.IncrementalRemoteKeyedStateHandle:
		return fmt.Sprintf("incremental, legacy %t", h.Legacy)
	case *checkpoint.ChangelogStateBackendHandle:
		return fmt.Sprintf("changelog, legacy %t", h.Legacy)
	case *checkpoint.ChangelogFileStateHandle:
		return fmt.Sprintf("changes in files, legacy %t", h.Legacy)
	}
	return fmt.Sprintf("%T", handle)
}

// legacy decides between two encodings, of which the newer one may be beyond
// the release, and the older one is not canonical.
func (g *Generator) legacy(newer bool) bool {
	return !newer || !g.Canonical && g.chance(0.4)
}

func (g *Generator) keyedKeyGroups() checkpoint.KeyedStateHandle {
	e := checkpoint.KeyGroupsWithID
	if g.legacy(g.words.handleIDs()) {
		e = checkpoint.KeyGroupsWithoutID
	}
	if g.words.savepointKeyGroups() && g.chance(0.4) {
		e = checkpoint.KeyGroupsSavepoint
	}
	return g.keyGroups(e, g.stream("key groups"))
}

func (g *Generator) incremental() checkpoint.KeyedStateHandle {
	h := &checkpoint.IncrementalRemoteKeyedStateHandle{
		Legacy:       g.legacy(g.words.handleIDs()),
		CheckpointID: g.long(),
		BackendID:    g.uuid(),
		Range:        g.keyGroupRange(),
		MetaState:    g.stream("incremental meta"),
		SharedState:  g.files("shared file"),
		PrivateState: g.files("private file"),
	}
	if !g.Canonical && g.chance(0.05) {
		g.hit("incremental: backend id from before FLINK-6964")
		h.BackendID = "Window(TumblingEventTimeWindows(10000)) 1/2"
	}
	if !h.Legacy {
		h.HandleID, h.CheckpointedSize = g.text(), g.natural()
		if !g.Canonical && g.chance(0.1) {
			g.hit("incremental: size unknown")
			h.CheckpointedSize = -1
		}
	}
	return h
}

// files repeats no name, because until 1.15 Flink held them in a map.
func (g *Generator) files(position string) []checkpoint.HandleAndLocalPath {
	limit := 4
	if g.Canonical && !g.words.FilesAreListed() {
		limit = 1
	}
	var files []checkpoint.HandleAndLocalPath
	for i := range g.upTo(limit) {
		name := fmt.Sprintf("%06d.sst", g.upTo(9999)*10+i)
		if g.words.FilesAreListed() && g.chance(0.1) {
			name = g.text()
		}
		files = append(files, checkpoint.HandleAndLocalPath{LocalPath: name, Handle: g.stream(position)})
	}
	return files
}
