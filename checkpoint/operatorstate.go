package checkpoint

// OperatorState is the state of one operator over all its subtasks.
type OperatorState struct {
	ID OperatorID
	// Name and UID are known from Flink 2.0 on (metadata version 5); empty before.
	Name string
	UID  string

	Parallelism    int32 // at the time of the snapshot
	MaxParallelism int32 // the number of key groups

	// Coordinator is the state of the operator's coordinator; nil if none.
	Coordinator *ByteStreamStateHandle

	// FullyFinished is set if all subtasks had finished (Flink 1.14 and later).
	// There are no subtasks then.
	FullyFinished bool

	// Subtasks in the order of the file, which Flink writes by ascending index.
	// Subtasks that the snapshot does not mention are left out.
	Subtasks []SubtaskState
}

// SubtaskState is what a snapshot says of one subtask of an operator.
type SubtaskState struct {
	Index    int32
	Finished bool                  // the subtask had finished: it has no state and needs none
	State    *OperatorSubtaskState // nil if the subtask has no state
}

// OperatorSubtaskState is the state of one subtask of an operator.
type OperatorSubtaskState struct {
	// LegacyOperatorState is state of the Checkpointed interface of Flink 1.1,
	// which only savepoints of Flink 1.3 still have. No Flink since 1.4 restores
	// it: whoever restores must refuse it, and not leave it out.
	LegacyOperatorState StreamStateHandle

	ManagedOperatorState OperatorStateHandle
	RawOperatorState     OperatorStateHandle
	ManagedKeyedState    KeyedStateHandle
	RawKeyedState        KeyedStateHandle
	Channels             *ChannelState // nil if there is none
}

// ChannelState is what was in flight around a subtask.
type ChannelState struct {
	Input              []ChannelStateHandle
	ResultSubpartition []ChannelStateHandle
	HasRefCheckpointID bool  // only in metadata version 7
	RefCheckpointID    int64 // only in metadata version 7: the checkpoint that the state was taken over from
}

// MasterState is what a master hook saved with the checkpoint.
type MasterState struct {
	Name    string // the hook's identifier
	Version int32  // of the hook's serializer
	Payload []byte
}

// Metadata is the content of a checkpoint (Flink: CheckpointMetadata).
type Metadata struct {
	CheckpointID int64
	MasterStates []MasterState
	Operators    []OperatorState
	// Properties is nil where the file has none: before Flink 1.16 (metadata
	// version 4), and in what Flink's state processor wrote.
	Properties *Properties
}
