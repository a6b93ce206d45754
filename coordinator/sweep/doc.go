// Package sweep clears away what earlier coordinators of a job have left behind.
//
// A coordinator that dies leaves directories that it had begun to write, or to delete,
// and its tasks leave files that no checkpoint came to know. A coordinator that was
// overtaken and does not know it yet leaves more of both. None of it does harm, and all
// of it costs. So whoever takes a job over sweeps, once, after the job was restored and
// before its first barrier: what was restored is retained by then, and what is there and
// of no use will never be. [Sweep] does it all:
//
//  1. Look lists the job's directory and reads every metadata file in it, and that of
//     every retained checkpoint: the roots. It changes nothing.
//  2. Decide makes a [Plan] of these facts. It performs no I/O, and the plan prints.
//  3. Carry does what the plan says. It may go on beside the job, and be repeated.
//
// # What goes
//
// Directories that the journal names ([completed.Journal]): of a checkpoint that was
// not completed, of one that was published and that no store ever had, of one that was
// being deleted; of a savepoint that was not completed. A savepoint that was is the
// user's. And files directly in shared, named as state files are, which no root mentions.
//
// # What stays
//
// All else, and everything in doubt. Every metadata file in the job's directory is a
// root, whoever put it there, unless the journal says that it was never completed. If
// one of them cannot be read nothing is deleted. A file is in use if a root mentions one
// of its name, wherever: names are random, and directories are reached in more ways than
// one. A directory with one file in use stays whole.
//
// With entropy in the paths, state files are not listed with the job's directory: they
// stay, and so do those in taskowned, which tasks delete themselves.
package sweep
