// Package masterhook lets code on the coordinator's side take part in
// checkpoints: an external system that must be told to go back to where it was
// when the checkpoint was taken.
//
// A [Hook] has a name; what it saved lies under that name in the checkpoint's
// master states. When a checkpoint is taken, [Hooks.Trigger] asks each for its state,
// after the operator coordinators and before any task. On restore, [Hooks.Restore] first decodes all of it, and only
// if that worked calls the hooks one after another: those that have state, in the
// order of the checkpoint, then the others without. If there is no checkpoint to
// restore, [Hooks.Reset] calls them to begin anew.
//
// The rules are those of Flink's MasterHooks and MasterTriggerRestoreHook,
// one quirk included: if the checkpoint has no master state at all, or the job
// has no hook at all, nothing is called and nothing is amiss.
package masterhook
