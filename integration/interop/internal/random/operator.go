package random

import (
	"encoding/binary"
	"math"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/checkpoint/metadata"
)

func (g *Generator) operator() checkpoint.OperatorState {
	s := checkpoint.OperatorState{ID: g.id(), MaxParallelism: int32(1 + g.upTo(32767))}
	if g.version >= metadata.Version5 {
		s.Name, s.UID = g.label(), g.label()
	}
	switch {
	case g.words.finished() && g.chance(0.1):
		g.hit("operator: fully finished")
		s.FullyFinished = true
		s.Parallelism = s.MaxParallelism
	case g.chance(0.05):
		g.hit("operator: without subtasks")
		s.Parallelism, s.MaxParallelism = math.MaxInt32, math.MaxInt32
	default:
		s.Parallelism = 1 + int32(g.upTo(min(int(s.MaxParallelism)-1, 6)))
		s.Subtasks = g.subtasks(int(s.Parallelism))
		if g.chance(0.3) {
			g.hit("operator: coordinator")
			s.Coordinator = g.inline()
		}
	}
	return s
}

// Label returns a name or uid of an operator; empty if it has none.
func (g *Generator) Label() string { return g.label() }

func (g *Generator) id() checkpoint.OperatorID {
	var id checkpoint.OperatorID
	binary.BigEndian.PutUint64(id[:], g.rng.Uint64())
	binary.BigEndian.PutUint64(id[8:], g.rng.Uint64())
	return id
}

// subtasks leaves out some, and has them in any order: Flink writes them by
// index, but reads them as they come.
func (g *Generator) subtasks(parallelism int) []checkpoint.SubtaskState {
	var states []checkpoint.SubtaskState
	for i := range parallelism {
		if g.chance(0.9) {
			states = append(states, g.subtask(int32(i)))
		}
	}
	if !g.Canonical {
		g.rng.Shuffle(len(states), func(i, j int) { states[i], states[j] = states[j], states[i] })
	}
	return states
}

func (g *Generator) subtask(index int32) checkpoint.SubtaskState {
	if g.words.finished() && g.chance(0.1) {
		g.hit("subtask: finished")
		return checkpoint.SubtaskState{Index: index, Finished: true}
	}
	if g.chance(0.1) {
		g.hit("subtask: without state")
		return checkpoint.SubtaskState{Index: index}
	}
	return checkpoint.SubtaskState{Index: index, State: g.State(index)}
}

// State returns what a subtask might report of one operator.
func (g *Generator) State(subtask int32) *checkpoint.OperatorSubtaskState {
	return &checkpoint.OperatorSubtaskState{
		ManagedOperatorState: g.operatorHandle(0.3, "managed operator state"),
		RawOperatorState:     g.operatorHandle(0.2, "raw operator state"),
		ManagedKeyedState:    g.maybeKeyed(0.4, "managed keyed state"),
		RawKeyedState:        g.maybeKeyed(0.2, "raw keyed state"),
		Channels:             g.channels(subtask),
	}
}

func (g *Generator) properties() *checkpoint.Properties {
	if g.version < metadata.Version4 || g.chance(0.1) {
		g.hit("properties: none")
		return nil
	}
	t := pick(g, snapshotTypes())
	g.hit("properties: " + t.Name + " " + string(t.Format))
	flip := func() bool { return g.chance(0.5) }
	return &checkpoint.Properties{
		Type: t, Forced: flip(), DiscardSubsumed: flip(), DiscardFinished: flip(), DiscardCancelled: flip(),
		DiscardFailed: flip(), DiscardSuspended: flip(), Unclaimed: flip(),
	}
}

func snapshotTypes() []checkpoint.SnapshotType {
	types := []checkpoint.SnapshotType{checkpoint.CheckpointType, checkpoint.FullCheckpointType}
	for _, format := range []checkpoint.SavepointFormat{checkpoint.Canonical, checkpoint.Native} {
		for _, action := range []checkpoint.PostCheckpointAction{checkpoint.ActionNone, checkpoint.ActionSuspend, checkpoint.ActionTerminate} {
			types = append(types, checkpoint.SavepointType(format, action))
		}
	}
	return types
}
