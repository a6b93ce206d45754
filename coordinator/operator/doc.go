// Package operator keeps operators and their coordinators in step.
//
// Some operators have a part that runs once, beside the checkpoint coordinator: what
// hands out splits to the subtasks of a source, for one. That is a [Coordinator], which
// speaks with its subtasks by events. It has state, they have state, and an event
// moves something from here to there. A checkpoint must have it exactly once:
//
//	coordinator   ──a──b──┃snapshot──c──d────────────────────▶
//	                      ┃
//	subtask       ───a──b─────────────────┃snapshot──c──d────▶
//
// So [Holder] stands between them (Flink: OperatorCoordinatorHolder). When the
// coordinator has taken its snapshot, the valves to all subtasks close; the snapshot
// counts when every event from before it has been confirmed, and none is on its way.
// What is sent later is held back, for each subtask until that subtask has
// acknowledged the checkpoint, or the checkpoint has ended in whatever way. Several
// checkpoints may be under way; each has a valve of its own in the same pipe.
//
// When a subtask fails, what was held back for it is forgotten: its coordinator hears
// of it, and then to which checkpoint the subtask goes back, and sends again what came
// after. When the whole job goes back, all is forgotten, and the coordinator itself is
// reset.
//
// A coordinator is called by one goroutine at a time, in the order of what happened.
package operator
