// Package sharedstate remembers which files several checkpoints share, so that
// a file goes when the last of them has gone, and not before.
//
// An incremental checkpoint names files that earlier ones uploaded. The
// [Registry] holds one entry for each such file: which checkpoint named it
// first, and which named it last. When the oldest checkpoint that is still kept
// is number n, every file that was last used below n is unused, and
// [Registry.UnregisterUnused] hands it out as a [Deletion]. That is a plan: the
// registry performs no I/O, and whoever holds the plan decides when to act.
//
// What it knows of, by path and never by name alone:
//
//   - files in the shared part of incremental snapshots, and of changelogs;
//   - the directories of file merging, which go with all that is in them, and
//     only when nothing in them is in use;
//   - files that others own (segments of merged files, the private part of a
//     materialized changelog): never deleted here, but they keep the directory
//     around them and the checkpoint that they belong to.
//
// A task that goes on with a file of an earlier checkpoint sends a placeholder for
// it. [Registry.RegisterAcknowledged] puts the handle of then in its place; for that
// alone the registry remembers inline state too.
//
// A restored snapshot that the job does not own is the user's: nothing that it
// names is ever handed out, whatever the job's own checkpoints do with it.
//
// The rules are those of Flink's SharedStateRegistryImpl from 1.17 on (last-used
// checkpoint ids, files known by their paths), not the reference counts of 1.11.
package sharedstate
