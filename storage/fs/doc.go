// Package fs stores objects as files, on a local disk or one that is mounted.
//
// A file is published in one step. It is written beside its final name under a
// temporary one, its bytes are forced to the disk, and only then does it get its
// name: by rename, which replaces what was there, or by link(2), which fails if
// something is, between processes too. Then the directory is forced to the disk,
// or a power failure could take the name back. Nobody ever sees half a file, and
// a writer that is not committed leaves none.
//
// A backend is rooted in one of two places. [New] roots it in a directory, and
// [os.Root] keeps it there: no symbolic link leads out. [Open] serves file:/…
// pointers, whose keys are whole paths of the machine, and follows links as every
// program does, except where [backend.OpenOptions.Within] holds it back.
//
// What differs from an object store: "a" and "a/b" cannot both be objects; a name
// takes at most 255 bytes between slashes; links to directories are followed by
// all verbs except List, which could run in circles; deleting leaves empty
// directories behind, and is not forced to the disk; a process that is killed
// while it writes leaves a file named .cairn-….tmp, which no verb shows. Exclusive
// creation needs hard links, which some network and FAT file systems lack; it
// fails there, and says so.
package fs
