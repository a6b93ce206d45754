package cluster

import (
	"fmt"
	"slices"
	"strings"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/restore"
)

// few elements are told one by one, more are counted only.
const few = 200

// Lists returns the lists that the subtasks should hold of operator state, in the
// words of Restored.Held, of which WithoutKeys is to be compared to them.
func Lists(operators []checkpoint.OperatorState, a *restore.Assignment) (lines []string) {
	written := elementsOf(operators)
	for v := range a.Vertices {
		for task := range a.Vertices[v].Subtasks() {
			for _, op := range task.Operators {
				where := fmt.Sprintf("%d/%d %s ", v, task.Subtask, op.ID)
				lines = append(lines, written.held(where, op.ManagedOperatorState)...)
			}
		}
	}
	slices.Sort(lines)
	return lines
}

// element is where an element of a list was written.
type element struct {
	file   string
	name   string
	offset int64
}

// elements are the texts of elements. Those of the operator "operator states" say
// which they are and which subtask wrote them; others say nothing.
type elements map[element]string

func elementsOf(operators []checkpoint.OperatorState) elements {
	written := elements{}
	for i := range operators {
		for _, s := range operators[i].Subtasks {
			if s.State == nil || s.State.ManagedOperatorState == nil {
				continue
			}
			h := s.State.ManagedOperatorState
			for _, list := range h.Partitions() {
				for k, offset := range list.Offsets {
					written[element{fileOf(h), list.Name, offset}] = textOf(list.Name, k, s.Index)
				}
			}
		}
	}
	return written
}

// fileOf names a file without what is in it, which can be long.
func fileOf(h checkpoint.OperatorStateHandle) string {
	switch file := h.DelegateState().(type) {
	case *checkpoint.ByteStreamStateHandle:
		return file.HandleName
	case *checkpoint.FileStateHandle:
		return file.Path
	default:
		return fmt.Sprintf("%+v", file)
	}
}

func textOf(name string, k int, subtask int32) string {
	switch {
	case strings.HasPrefix(name, "list-with-"):
		return fmt.Sprintf("entry %d of subtask %d", k, subtask)
	case strings.HasPrefix(name, "union-"):
		return fmt.Sprintf("known to all, from subtask %d", subtask)
	}
	return ""
}

func (written elements) held(where string, handles restore.OperatorStateHandles) (lines []string) {
	lists, broadcasts := map[string][]string{}, map[string]bool{}
	for h := range handles.All() {
		for _, list := range h.Partitions() {
			if list.Mode == checkpoint.Broadcast {
				broadcasts[list.Name] = true
				continue
			}
			for _, offset := range list.Offsets {
				lists[list.Name] = append(lists[list.Name], written[element{fileOf(h), list.Name, offset}])
			}
		}
	}
	for name, texts := range lists {
		slices.Sort(texts)
		line := fmt.Sprintf("%slist %s: %d", where, name, len(texts))
		if len(texts) <= few {
			line += " " + strings.Join(texts, "|")
		}
		lines = append(lines, line)
	}
	for name := range broadcasts {
		lines = append(lines, where+"broadcast "+name)
	}
	return lines
}

// WithoutKeys returns what is held of operator state. Of a broadcast state it says
// that it is there: a checkpoint does not tell how much is in it.
func (r *Restored) WithoutKeys() (lines []string) {
	for _, line := range r.Held {
		if strings.Contains(line, " broadcast ") {
			line = line[:strings.LastIndex(line, ": ")]
		}
		if !strings.Contains(line, " keys: ") && !strings.Contains(line, " timers: ") {
			lines = append(lines, line)
		}
	}
	slices.Sort(lines)
	return lines
}

// RawOf returns how much raw state the subtasks should have read, in the words of
// Restored.Raw: one operator has any.
func RawOf(a *restore.Assignment) map[string]int {
	raw := map[string]int{}
	for v := range a.Vertices {
		for task := range a.Vertices[v].Subtasks() {
			for i := range task.Operators {
				addRaw(raw, task.Subtask, &task.Operators[i], &a.Vertices[v].Operators[i])
			}
		}
	}
	return raw
}

func addRaw(raw map[string]int, subtask int32, op *restore.OperatorRestore, of *restore.OperatorAssignment) {
	if of.State == nil || !hasRaw(of.State) {
		return // raw keyed state alone is timers
	}
	add := func(kind string, n int) {
		if n > 0 {
			raw[kind] += n
			raw[fmt.Sprintf("%s of subtask %d", kind, subtask)] += n
		}
	}
	for h := range op.RawOperatorState.All() {
		for _, list := range h.Partitions() {
			add("raw partition", len(list.Offsets))
		}
	}
	for _, h := range op.RawKeyedState {
		add("raw key group", int(h.KeyGroups().Count))
	}
}

func hasRaw(op *checkpoint.OperatorState) bool {
	return slices.ContainsFunc(op.Subtasks, func(s checkpoint.SubtaskState) bool {
		return s.State != nil && s.State.RawOperatorState != nil
	})
}
