package stream

import (
	"fmt"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/job"
	"github.com/cairnstate/cairn/job/checkpointing"
)

// Graph is a job as operators and edges (Flink: StreamGraph). Whoever holds one must not
// change it.
type Graph struct {
	Nodes []Node // in the order in which the operators were added
	Edges []Edge // in the order in which their consumers were added

	Chaining                     bool
	ChainDifferentMaxParallelism bool

	Checkpointing checkpointing.Config
}

// Node is an operator (Flink: StreamNode).
type Node struct {
	Name    string
	UID     string                 // empty if there is none
	UIDHash *checkpoint.OperatorID // nil if there is none
	Kind    Kind

	Parallelism    int32
	MaxParallelism int32 // 0 if there is none

	Chaining         ChainingStrategy
	SlotSharingGroup string
	Yielding         bool

	In, Out []int // indexes of edges
}

// Edge is a connection of two operators (Flink: StreamEdge).
type Edge struct {
	From, To    int // indexes of nodes
	Input       int // of the consumer: 0 where it has one, else from 1; a union's edges share it
	Partitioner job.Partitioner
	SideOutput  string // tag; empty for the main output

	// SupportsUnaligned is false if barriers may not overtake records here: where one
	// edge of the consumer does not let them, none does.
	SupportsUnaligned bool
}

// Kind is what sort of operator a node is.
type Kind uint8

// The kinds.
const (
	OneInput Kind = iota
	SeveralInputs
	Source
	LegacySource
	Sink
)

// IsSource reports whether the node is one of either kind.
func (n *Node) IsSource() bool { return n.Kind == Source || n.Kind == LegacySource }

// ChainingStrategy says with whom an operator may share a task (Flink: class of the same
// name).
type ChainingStrategy uint8

// The strategies.
const (
	ChainAlways          ChainingStrategy = iota // with its input and its consumers
	ChainNever                                   // with nobody (Flink: disableChaining)
	ChainHead                                    // with its consumers (Flink: startNewChain)
	ChainHeadWithSources                         // with its consumers and with sources before it
)

var strategyNames = [...]string{"ALWAYS", "NEVER", "HEAD", "HEAD_WITH_SOURCES"}

// String returns Flink's name of the strategy.
func (s ChainingStrategy) String() string {
	if int(s) < len(strategyNames) {
		return strategyNames[s]
	}
	return fmt.Sprintf("ChainingStrategy(%d)", uint8(s))
}
