package random

import "github.com/cairnstate/cairn/checkpoint"

func (g *Generator) changelog() checkpoint.KeyedStateHandle {
	h := &checkpoint.ChangelogStateBackendHandle{
		Legacy: g.legacy(g.words.changelogIDs()),
		Range:  g.fullRange(), // Flink refuses a changelog of no key groups
	}
	if g.words.handleIDs() {
		h.CheckpointedSize, h.MaterializationID, h.HandleID = g.long(), g.long(), g.text()
	}
	if !h.Legacy {
		h.CheckpointID = g.long()
	}
	for range g.upTo(2) {
		h.Materialized = append(h.Materialized, g.keyed("materialized"))
	}
	if g.words.handleIDs() && !g.Canonical && g.chance(0.1) {
		g.hit("materialized: null") // which the Flink of the preview did not bear
		h.Materialized = append(h.Materialized, nil)
	}
	for range g.upTo(3) {
		changes := g.changes()
		g.hit("not materialized: " + encoding(changes))
		h.NonMaterialized = append(h.NonMaterialized, changes)
	}
	return h
}

func (g *Generator) changes() checkpoint.KeyedStateHandle {
	if g.chance(0.5) {
		return g.changesInMemory()
	}
	h := &checkpoint.ChangelogFileStateHandle{
		Legacy: g.legacy(g.words.changelogIDs()),
		Range:  g.keyGroupRange(),
		Size:   g.long(),
	}
	if g.words.handleIDs() {
		h.CheckpointedSize, h.HandleID = g.long(), g.text()
	}
	if !h.Legacy {
		h.StorageIdentifier = g.text()
	}
	for range g.upTo(3) {
		h.Parts = append(h.Parts, checkpoint.HandleAndOffset{Offset: g.long(), Handle: g.stream("changelog part")})
	}
	return h
}

func (g *Generator) changesInMemory() checkpoint.KeyedStateHandle {
	h := &checkpoint.InMemoryChangelogStateHandle{Range: g.keyGroupRange(), From: g.natural(), To: g.natural()}
	if g.words.handleIDs() {
		h.HandleID = g.text()
	}
	for range g.upTo(4) {
		group := int32(g.upTo(32767))
		if g.chance(0.3) {
			g.hit("change: metadata")
			group = -1
		}
		h.Changes = append(h.Changes, checkpoint.StateChange{KeyGroup: group, Change: g.bytes()})
	}
	return h
}
