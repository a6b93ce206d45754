// Package fs stores objects as files, on a local disk or one that is mounted.
//
// A file is published in one step. It is written beside its final name under a
// temporary one, its bytes are forced to the disk, and only then does it get its
// name: by rename, which replaces what was there, or by link(2), which fails if
// something is, between processes too. Then the directory is forced to the disk,
// or a power failure could take the name back. Nobody ever sees half a file, and
// a writer that is not committed leaves none. Deleting is forced to the disk as
// well, once for each directory. The tests let a simulated disk fail after each
// step of all this, in each way that it may.
//
// A backend is rooted in one of two places. [New] roots it in a directory, and
// [os.Root] keeps it there: no symbolic link leads out. [Open] serves file:/…
// pointers, whose keys are whole paths of the machine, and follows links as every
// program does, except where [backend.OpenOptions.Within] holds it back. It knows
// one parameter:
//
//	| parameter | value       | default                                             |
//	|-----------|-------------|-----------------------------------------------------|
//	| read-only | true, false | false; true opens no file for writing, and makes,   |
//	|           |             | renames and removes none                            |
//
// # Powers
//
// Copy leaves the copying to the kernel, and to file systems that share blocks.
// Locate is a file:// URL. DeleteAll syncs each directory once. Swap compares and
// renames under a lock (flock) on the object's directory, which ends with the
// process that holds it; Commit and Delete share that lock. It holds between the
// processes of a machine. Network file systems do not lock directories: there Swap
// fails with [errors.ErrUnsupported], and nothing else minds.
//
// A version is the inode, the time of writing and the size. The time is set with
// the full precision of the clock, so two files never share one, unless the file
// system keeps only seconds or the clock is set back and the inode comes again. A
// program that writes into a file in place and sets its time back is not noticed.
//
// # What differs from an object store
//
// "a" and "a/b" cannot both be objects; a name takes at most 255 bytes between
// slashes; links to directories are followed by all verbs except List, which could
// run in circles. Exclusive creation needs hard links, which some network and FAT
// file systems lack; it fails there, and says so.
//
// The last object of a directory takes the directory with it, as a prefix ends
// with its last key, and those above that are empty then if this Backend made them.
// Others stay, for they may be the place that somebody set aside for checkpoints.
//
// A process that is killed while it writes leaves a file named .cairn-….tmp, which
// no verb shows. [Backend.Sweep] removes those, and knows the living from the dead.
package fs
