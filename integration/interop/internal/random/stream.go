package random

import (
	"fmt"
	"math"

	"github.com/cairnstate/cairn/checkpoint"
)

// stream returns a handle in the stream position. The position is only for the
// counts: who delegates to it.
func (g *Generator) stream(position string) checkpoint.StreamStateHandle {
	h := g.drawStream()
	if relative, ok := h.(*checkpoint.RelativeFileStateHandle); ok && g.Reported && shared(position) {
		h = &checkpoint.FileStateHandle{Path: g.path(), Size: relative.Size}
	}
	g.hit(fmt.Sprintf("stream in %s: %T", position, h))
	return h
}

// shared reports whether what is in the position may be used by later checkpoints.
func shared(position string) bool { return position != "channel state" && position != "operator state" }

func (g *Generator) drawStream() checkpoint.StreamStateHandle {
	kinds := 5
	if g.words.segments() {
		kinds = 7
	}
	switch g.rng.IntN(kinds) {
	case 0:
		return g.inline()
	case 1:
		return &checkpoint.RelativeFileStateHandle{RelativePath: g.name(), Size: g.size()}
	case 2, 3:
		return &checkpoint.FileStateHandle{Path: g.path(), Size: g.size()}
	case 4:
		if g.words.savepointKeyGroups() && g.chance(0.2) {
			return g.keyGroups(checkpoint.KeyGroupsWithoutID, g.stream("stream key groups"))
		}
		return g.inline()
	}
	return g.segment()
}

func (g *Generator) inline() *checkpoint.ByteStreamStateHandle {
	return &checkpoint.ByteStreamStateHandle{HandleName: g.handleName(), Data: g.bytes()}
}

func (g *Generator) segment() checkpoint.StreamStateHandle {
	if g.chance(0.2) {
		return &checkpoint.EmptySegmentFileStateHandle{}
	}
	return &checkpoint.SegmentFileStateHandle{
		StartPos:      g.natural(),
		Size:          g.size(),
		Scope:         pick(g, []checkpoint.FileMergingScope{checkpoint.ScopeExclusive, checkpoint.ScopeShared}),
		PhysicalPath:  g.path(),
		LogicalFileID: g.handleName(),
	}
}

func (g *Generator) keyGroups(e checkpoint.KeyGroupsEncoding, delegate checkpoint.StreamStateHandle) *checkpoint.KeyGroupsStateHandle {
	r := g.keyGroupRange()
	h := &checkpoint.KeyGroupsStateHandle{Encoding: e, Range: r, Offsets: g.longs(int(r.Count)), Delegate: delegate}
	if e == checkpoint.KeyGroupsWithID {
		h.HandleID = g.text()
	}
	return h
}

func (g *Generator) keyGroupRange() checkpoint.KeyGroupRange {
	if g.chance(0.05) {
		return checkpoint.KeyGroupRange{}
	}
	return g.fullRange()
}

func (g *Generator) fullRange() checkpoint.KeyGroupRange {
	if g.chance(0.05) {
		return checkpoint.KeyGroupRange{Start: math.MaxInt32 - 1, Count: 2}
	}
	return checkpoint.KeyGroupRange{Start: int32(g.upTo(32767)), Count: int32(1 + g.upTo(16))}
}
