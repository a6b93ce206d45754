package simulation

import (
	"fmt"
	"path"
	"slices"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/checkpoint/metadata"
)

// published is a checkpoint that can be found by its name from now on. That does not
// make it count.
func (h *history) published(by *process, key string, data []byte) {
	if first := h.names[key]; first != nil {
		h.world.violated(OneWinner, "%s published %s, which %s had published before", by.name, key, first.by.name)
		return
	}
	file, err := metadata.Decode(data, nil)
	if err != nil {
		h.world.violated(Whole, "%s published %s: %v", by.name, key, err)
		return
	}
	n := &named{key: key, id: file.CheckpointID, job: h.world.jobID, by: by, files: make(map[string]int64),
		savepoint: file.Properties != nil && file.Properties.Type.Savepoint}
	for _, other := range h.names {
		if other.id == n.id && other.job == n.job {
			h.world.violated(OneWinner, "%s and %s are both checkpoint %d", other.key, key, n.id)
		}
	}
	h.names[key] = n
	h.compareAll(n, &file.Metadata)
}

// compareAll looks whether the metadata has what was acknowledged.
func (h *history) compareAll(n *named, md *checkpoint.Metadata) {
	for _, state := range md.MasterStates {
		n.beside += string(state.Payload)
	}
	expected := hookState(n.id) + splitState(n.id)
	for i := range md.Operators {
		op := &md.Operators[i]
		if op.Coordinator != nil {
			n.beside += string(op.Coordinator.Data)
		}
		if op.FullyFinished && op.ID == h.world.job.Vertex(0).Operators[0].ID {
			expected = hookState(n.id) // the coordinator of what has finished has no state
		}
		h.compareOperator(n, op)
	}
	switch {
	case n.subtasks != len(h.world.job.subtasks):
		n.wrong = fmt.Sprintf("speaks of %d subtasks, the job has %d", n.subtasks, len(h.world.job.subtasks))
	case n.beside != expected:
		n.wrong = fmt.Sprintf("has beside its subtasks %q", n.beside)
	}
}

func (h *history) compareOperator(n *named, op *checkpoint.OperatorState) {
	if op.FullyFinished {
		for i := range op.Parallelism {
			h.compareFinished(n, subtaskName(op.ID, i))
		}
	}
	for i := range op.Subtasks {
		subtask := &op.Subtasks[i]
		name := subtaskName(op.ID, subtask.Index)
		switch {
		case subtask.Finished:
			h.compareFinished(n, name)
		case subtask.State != nil:
			h.compare(n, name, filesOf(subtask.State))
			n.needs(subtask.State)
		}
	}
}

func (h *history) compareFinished(n *named, subtask string) {
	n.subtasks++
	if !h.finished[subtask] {
		n.wrong = fmt.Sprintf("says that %s has finished", subtask)
	}
}

// compare looks whether the files of a subtask are those that it acknowledged.
func (h *history) compare(n *named, subtask string, files []string) {
	n.subtasks++
	claimed, ok := h.claims[n.id][subtask]
	if !ok || !slices.Equal(claimed, files) {
		n.wrong = fmt.Sprintf("has for %s the files %v, acknowledged were %v", subtask, files, claimed)
	}
}

// needs notes the files of a state.
func (n *named) needs(state *checkpoint.OperatorSubtaskState) {
	for _, f := range referenced(state) {
		key := path.Dir(n.key) + "/" + f.Path
		if !f.Relative {
			key = keyOf(f.Path)
		}
		n.files[key] = f.Bytes
	}
}

// filesOf returns the files of a state as it names them, in order.
func filesOf(state *checkpoint.OperatorSubtaskState) []string {
	var files []string
	for _, f := range referenced(state) {
		files = append(files, f.Path)
	}
	slices.Sort(files)
	return files
}

func referenced(state *checkpoint.OperatorSubtaskState) []checkpoint.ReferencedFile {
	md := checkpoint.Metadata{Operators: []checkpoint.OperatorState{{Subtasks: []checkpoint.SubtaskState{{State: state}}}}}
	return md.Files()
}

// subtaskName is what history calls a subtask, in whichever attempt.
func subtaskName(operator checkpoint.OperatorID, index int32) string {
	return fmt.Sprintf("%x/%d", operator[:4], index)
}
