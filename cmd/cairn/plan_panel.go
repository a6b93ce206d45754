package main

import (
	"cmp"
	"fmt"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/restore"
)

// A panel shows one operator, from top to bottom.
const (
	panelHeight = 372
	oldTop      = 72
	rowHeight   = 34
	newTop      = 210
	stripTop    = newTop + rowHeight + 6
	stripHeight = 8
	axisTop     = stripTop + stripHeight
	barsBottom  = 338
	barsHeight  = 48

	// cellsDrawn is how many subtasks a row shows one by one; of more, several share
	// a cell, which shows the largest.
	cellsDrawn = 280
)

// cell is a run of key groups, and the most bytes that one of its subtasks has.
type cell struct {
	keyGroups   checkpoint.KeyGroupRange
	first, last int // subtasks
	bytes       int64
}

// flow is what the subtasks of a new cell read of the old key groups.
type flow struct {
	from, to checkpoint.KeyGroupRange
	bytes    int64
}

type panel struct {
	vertex    *restore.VertexPlan
	keyed     *restore.KeyedPlan
	keyGroups int32
	old, new  []cell
	flows     []flow
	byGroup   []int64 // by key group or run of them; nil if unknown
	largest   int64   // of all cells
}

func newPanel(v *restore.VertexPlan, k *restore.KeyedPlan) *panel {
	p := &panel{vertex: v, keyed: k, keyGroups: v.Vertex.MaxParallelism}
	read := make([]int64, v.Vertex.Parallelism)
	for _, r := range k.Reads {
		read[r.Subtask] += r.Bytes
	}
	p.old, p.new = cells(k.Old, p.keyGroups), cells(read, p.keyGroups)
	for _, c := range append(p.old[:len(p.old):len(p.old)], p.new...) {
		p.largest = max(p.largest, c.bytes)
	}
	p.byGroup = k.ByKeyGroup
	p.addFlows()
	return p
}

// cells puts subtasks together where there are too many to draw.
func cells(bytes []int64, keyGroups int32) []cell {
	size, parallelism := groupSize(len(bytes), cellsDrawn), int32(len(bytes))
	var all []cell
	for from := 0; from < len(bytes); from += size {
		to := min(from+size, len(bytes)) - 1
		c := cell{first: from, last: to, keyGroups: checkpoint.KeyGroups(
			checkpoint.KeyGroupRangeForSubtask(int32(from), keyGroups, parallelism).Start,
			checkpoint.KeyGroupRangeForSubtask(int32(to), keyGroups, parallelism).Last())}
		for _, b := range bytes[from : to+1] {
			c.bytes = max(c.bytes, b)
		}
		all = append(all, c)
	}
	return all
}

// addFlows makes a flow of each handle for each new cell: where several subtasks
// share a cell, what they read of one run of key groups is one flow.
func (p *panel) addFlows() {
	at := map[flow]int{}
	for _, r := range p.keyed.Reads {
		key := p.flowOf(r)
		i, found := at[key]
		if !found {
			i = len(p.flows)
			at[key] = i
			p.flows = append(p.flows, key)
		}
		p.flows[i].bytes = max(p.flows[i].bytes, r.Bytes)
	}
}

// flowOf returns from where to where a handle is read. One that was cut goes
// straight down, also among cells.
func (p *panel) flowOf(r restore.KeyedRead) flow {
	owned := p.vertex.Vertex.KeyGroups(r.Subtask).Intersection(r.KeyGroups)
	size := groupSize(len(p.vertex.Subtasks), cellsDrawn)
	if size == 1 {
		return flow{from: r.KeyGroups, to: owned}
	}
	to := p.new[int(r.Subtask)/size].keyGroups
	if owned != r.KeyGroups {
		return flow{from: r.KeyGroups, to: to.Intersection(r.KeyGroups)}
	}
	old := checkpoint.SubtaskForKeyGroup(owned.Start, p.keyGroups, int32(len(p.keyed.Old)))
	from := p.old[int(old)/groupSize(len(p.keyed.Old), cellsDrawn)].keyGroups.Intersection(to)
	return flow{from: from, to: from}
}

func (p *panel) draw(s *svg, top float64) {
	p.drawTitle(s, top)
	for _, f := range p.flows {
		p.drawFlow(s, top, f)
	}
	p.drawRow(s, top+oldTop, p.old, fmt.Sprintf("before: %s", count(len(p.keyed.Old), "subtask")))
	p.drawRow(s, top+newTop, p.new, "")
	p.drawKeyGroups(s, top)
	p.drawBars(s, top)
}

func (p *panel) drawTitle(s *svg, top float64) {
	op := p.keyed.Operator
	name := cmp.Or(op.Operator.Name, op.State.Name, op.Operator.UID, op.State.UID, op.Operator.ID.String())
	s.text(svgMargin, top+28, "name", middleSnip(name, 70))
	s.text(svgMargin, top+47, "note", p.describe())
	s.printf(`<rect x="%d" y="%.1f" width="160" height="9" rx="2" fill="url(#heat)"/>`+"\n", svgWidth-svgMargin-160, top+18)
	s.text(svgWidth-svgMargin-160, top+41, "small", "0")
	s.text(svgWidth-svgMargin, top+41, "small end", size(p.largest)+" a subtask")
}

// describe says in a line what the panel shows.
func (p *panel) describe() string {
	stored, read := int64(0), int64(0)
	for _, b := range p.keyed.Old {
		stored += b
	}
	for _, r := range p.keyed.Reads {
		read += r.Bytes
	}
	said := fmt.Sprintf("parallelism %d → %d  ·  %d key groups  ·  keyed state: %s stored, %s read",
		len(p.keyed.Old), p.vertex.Vertex.Parallelism, p.keyGroups, cmp.Or(size(stored), "0 B"), cmp.Or(size(read), "0 B"))
	if stored > 0 {
		said += fmt.Sprintf(" (%.2f times)", float64(read)/float64(stored))
	}
	if skew, ok := p.spread().Skew(); ok {
		said += fmt.Sprintf("  ·  largest %.2f times the median", skew)
	}
	return said
}

// spread is that of the operator alone, among its cells.
func (p *panel) spread() restore.Spread {
	alone := restore.VertexPlan{Subtasks: make([]restore.SubtaskPlan, len(p.vertex.Subtasks))}
	for _, r := range p.keyed.Reads {
		alone.Subtasks[r.Subtask].Read.Keyed += r.Bytes
	}
	return alone.Spread()
}

// x returns where a key group begins.
func (p *panel) x(keyGroup int32) float64 {
	return svgMargin + plotWidth*float64(keyGroup)/float64(p.keyGroups)
}

func (p *panel) share(bytes int64) float64 {
	if p.largest == 0 {
		return 0
	}
	return float64(bytes) / float64(p.largest)
}
