package restore

import "github.com/cairnstate/cairn/checkpoint"

func (p *VertexPlan) keyedState(op *OperatorAssignment) {
	k := KeyedPlan{Operator: op, Old: make([]int64, op.State.Parallelism), ByKeyGroup: make([]int64, p.Vertex.MaxParallelism)}
	all := newStored()
	for _, kind := range []struct {
		of    keyedKind
		table *keyedTable
		least int64
	}{{managedKeyed, &op.managedKeyed, managedData}, {rawKeyed, &op.rawKeyed, rawData}} {
		ls := newLayouts()
		op.oldStates(func(_ int32, s *checkpoint.OperatorSubtaskState) { ls.addKeyed(kind.of(s), kind.least) })
		ls.seal()
		op.oldStates(func(subtask int32, s *checkpoint.OperatorSubtaskState) {
			if h := kind.of(s); h != nil {
				k.Old[subtask] += max(h.StateSize(), 0)
				k.addKeyGroups(ls, h, kind.least)
				all.keyed(h)
			}
		})
		for i := range p.Subtasks {
			for _, h := range kind.table.at(int32(i)) {
				cost := ls.keyed(h, kind.least)
				p.Subtasks[i].add(&p.Subtasks[i].Read.Keyed, cost)
				k.Reads = append(k.Reads, KeyedRead{Subtask: int32(i), KeyGroups: h.KeyGroups(), Bytes: cost.bytes})
			}
		}
	}
	p.Stored.Keyed += all.bytes
	if len(k.Reads) > 0 {
		p.Keyed = append(p.Keyed, k)
	}
}

// addKeyGroups adds the bytes of each key group, or gives up.
func (k *KeyedPlan) addKeyGroups(ls layouts, h checkpoint.KeyedStateHandle, least int64) {
	full, ok := h.(*checkpoint.KeyGroupsStateHandle)
	if !ok || k.ByKeyGroup == nil || int(full.Range.Last()) >= len(k.ByKeyGroup) {
		k.ByKeyGroup = nil
		return
	}
	l := ls.streams[identify(full.Delegate)]
	for i, offset := range full.Offsets {
		if offset < least || i+1 < len(full.Offsets) && full.Offsets[i+1] == offset {
			continue
		}
		k.ByKeyGroup[full.Range.Start+int32(i)] += l.part(offset)
	}
}

// inFlight adds the data in flight. That of several channels is in one file.
func (p *VertexPlan) inFlight() {
	for i := range p.Vertex.Operators {
		op := &p.Vertex.Operators[i]
		if op.State == nil {
			continue
		}
		op.oldStates(func(_ int32, s *checkpoint.OperatorSubtaskState) {
			p.Stored.InFlight += s.Channels.InputSize() + s.Channels.ResultSubpartitionSize()
		})
	}
	if p.Stored.InFlight == 0 && p.Vertex.buffers == nil {
		return
	}
	for i := range p.Subtasks {
		p.Subtasks[i].inFlight(p.Vertex.Subtask(int32(i)).Operators)
	}
}

func (s *SubtaskPlan) inFlight(operators []OperatorRestore) {
	seen := map[fileID]bool{}
	for i := range operators {
		o := &operators[i]
		for _, handles := range []ChannelHandles{o.InputChannels, o.ResultSubpartitions, o.UpstreamOutputBuffers} {
			for h := range handles.All() {
				var cost tally
				cost.stream(h.Delegate, max(h.Size, 0))
				if id := identify(h.Delegate); seen[id] {
					cost.files = 0
				} else {
					seen[id] = true
				}
				s.add(&s.Read.InFlight, cost)
			}
		}
	}
}
