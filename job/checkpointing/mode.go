package checkpointing

import "fmt"

// Mode is what a checkpoint guarantees (Flink: CheckpointingMode).
type Mode uint8

// The modes.
const (
	ExactlyOnce Mode = iota // each record has an effect on state once
	AtLeastOnce             // records may count twice after a failure; no task waits for a barrier
)

var modeNames = []string{ExactlyOnce: "EXACTLY_ONCE", AtLeastOnce: "AT_LEAST_ONCE"}

// String returns Flink's name of the mode.
func (m Mode) String() string { return nameOf("Mode", modeNames, int(m)) }

// Retention says what becomes of checkpoints when the job ends (Flink:
// ExternalizedCheckpointRetention).
type Retention uint8

// The retentions.
const (
	NoExternalizedCheckpoints Retention = iota // they go, however the job ends
	DeleteOnCancellation                       // they stay if the job fails
	RetainOnCancellation                       // they stay if the job fails or is cancelled
)

var retentionNames = []string{"NO_EXTERNALIZED_CHECKPOINTS", "DELETE_ON_CANCELLATION", "RETAIN_ON_CANCELLATION"}

// String returns Flink's name of the retention.
func (r Retention) String() string { return nameOf("Retention", retentionNames, int(r)) }

func nameOf(kind string, names []string, i int) string {
	if i < len(names) {
		return names[i]
	}
	return fmt.Sprintf("%s(%d)", kind, i)
}
