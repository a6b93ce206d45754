// Package pending is a checkpoint that is being taken.
//
// It knows who has to answer, and collects what they say: the subtasks of the plan,
// the coordinators of operators, the master hooks. When all have, it makes the content
// of the metadata of it:
//
//	             ┌── AcknowledgeCoordinator ──┐
//	New ──▶ wait ├── AcknowledgeHook ─────────┤ FullyAcknowledged ──▶ Finalize
//	             └── AcknowledgeTask ─────────┘
//	          │
//	          └─▶ Dispose: what comes now is Discarded
//
// Every answer is classified, for it may come twice, late, or from a subtask that was
// restarted meanwhile. A [Checkpoint] performs no I/O and takes no decision on the
// fate of others: it is a ledger.
package pending
