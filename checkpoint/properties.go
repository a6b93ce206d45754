package checkpoint

// SavepointFormat says how a savepoint stores keyed state.
type SavepointFormat string

// The formats of savepoints; empty for a checkpoint.
const (
	Canonical SavepointFormat = "CANONICAL" // the same for all state backends
	Native    SavepointFormat = "NATIVE"    // as the state backend has it
)

// PostCheckpointAction says what the job does after a savepoint.
type PostCheckpointAction string

// What a job does after a savepoint; empty for a checkpoint.
const (
	ActionNone      PostCheckpointAction = "NONE"
	ActionSuspend   PostCheckpointAction = "SUSPEND"   // stop-with-savepoint
	ActionTerminate PostCheckpointAction = "TERMINATE" // stop-with-savepoint, drained
)

// SharingFilesStrategy says which files of other snapshots a snapshot may use.
type SharingFilesStrategy string

// The strategies of Flink.
const (
	ForwardBackward SharingFilesStrategy = "FORWARD_BACKWARD" // incremental checkpoints
	Forward         SharingFilesStrategy = "FORWARD"          // full checkpoints
	NoSharing       SharingFilesStrategy = "NO_SHARING"       // savepoints
)

// SnapshotType is what kind of snapshot a checkpoint is. It is comparable.
type SnapshotType struct {
	Name      string // as Flink names it: "Checkpoint", "Full Checkpoint", "Savepoint", "Terminate Savepoint", "Suspend Savepoint"
	Sharing   SharingFilesStrategy
	Savepoint bool
	Format    SavepointFormat
	Action    PostCheckpointAction
}

// The two types of checkpoints.
var (
	CheckpointType     = SnapshotType{Name: "Checkpoint", Sharing: ForwardBackward}
	FullCheckpointType = SnapshotType{Name: "Full Checkpoint", Sharing: Forward}
)

// SavepointType returns the type of savepoints of a format with an action.
func SavepointType(format SavepointFormat, action PostCheckpointAction) SnapshotType {
	t := SnapshotType{Sharing: NoSharing, Savepoint: true, Format: format, Action: action}
	switch action {
	case ActionTerminate:
		t.Name = "Terminate Savepoint"
	case ActionSuspend:
		t.Name = "Suspend Savepoint"
	default:
		t.Name = "Savepoint"
	}
	return t
}

// Properties say what kind a checkpoint is, and what discards it. They are
// comparable.
type Properties struct {
	Type   SnapshotType
	Forced bool // was triggered whatever else was running

	DiscardSubsumed  bool // when newer checkpoints push it out
	DiscardFinished  bool // when the job finishes
	DiscardCancelled bool
	DiscardFailed    bool
	DiscardSuspended bool

	// Unclaimed marks a restored snapshot that the user keeps (claim mode NO_CLAIM).
	Unclaimed bool
}

// RetentionPolicy says which ends of a job its checkpoints survive.
type RetentionPolicy string

// The retention policies of Flink.
const (
	NeverRetainAfterTermination RetentionPolicy = "NEVER_RETAIN_AFTER_TERMINATION"
	RetainOnFailure             RetentionPolicy = "RETAIN_ON_FAILURE"
	RetainOnCancellation        RetentionPolicy = "RETAIN_ON_CANCELLATION"
)

// CheckpointProperties returns the properties of a job's own checkpoints.
func CheckpointProperties(policy RetentionPolicy) Properties {
	return Properties{
		Type:             CheckpointType,
		DiscardSubsumed:  true,
		DiscardFinished:  true,
		DiscardCancelled: policy != RetainOnCancellation,
		DiscardFailed:    policy == NeverRetainAfterTermination,
		DiscardSuspended: policy != RetainOnCancellation,
	}
}

// SavepointProperties returns the properties of a savepoint: nothing but its
// user discards it.
func SavepointProperties(format SavepointFormat, action PostCheckpointAction, forced bool) Properties {
	return Properties{Type: SavepointType(format, action), Forced: forced}
}

// UnclaimedProperties returns the properties that a snapshot has in the job
// that restored it without claiming it.
func UnclaimedProperties() Properties {
	return Properties{Type: SavepointType(Canonical, ActionNone), Unclaimed: true}
}
