// Package simulation runs a job through everything that can happen to it, in a world
// of its own where a seed decides what does.
//
// A run is the life of one job: a few subtasks that write real state, a real
// coordinator that takes checkpoints of them over a real storage, and a disk. It is
// disturbed for a while. Messages are lost, late, twice and out of order; so are
// requests to the disk, which may have their effect though they failed, or long after
// that. Subtasks and coordinators die at any request that they make. Others stop for a
// minute in the middle of a publication, a swap or a deletion, while somebody else is
// elected; and go on, and believe that they lead. Then all is calm, a last coordinator
// puts in order what is left, and the world looks at what it has.
//
// # How
//
// Nothing here waits, and no two things happen at once. All that will happen is in a
// queue, by a time that is simulated, and the world takes one thing out, lets it
// happen, and waits until nothing moves any more (package testing/synctest knows). A
// goroutine of a process stops at each request to the disk, and goes on when the
// answer is taken from the queue; so do those that wait for a lock. Clocks and
// executors are those of package coordinator/work, and random names come from the
// seed. So the same seed does the same again, whatever the machine:
//
//	go run ./internal/simulation/cmd/simulate -seeds 100000
//	go run ./internal/simulation/cmd/simulate -from 4711 -seeds 1 -story
//
// A process that dies cannot be cut off where it is, for a goroutine cannot be killed.
// It goes on in a dream instead: each request fails, no message leaves, no timer comes,
// until all its goroutines have ended.
//
// # What must hold
//
// The world sees each change of the disk in the step in which it is made, and each
// message. It knows what counts: what the coordinators' record on the disk says is
// retained, and complete savepoints that were promised to a user. It looks at these
// after each step that could change them:
//
//   - [Whole]: what counts has a metadata file that can be read, all files that it
//     names, as large as it says, and for each subtask the state that this subtask
//     acknowledged for this checkpoint. When it begins to count, and whenever it is
//     restored.
//   - [UniqueIDs]: no two coordinators trigger a checkpoint of one id.
//   - [OneWinner]: no file is written twice, metadata least of all; no two are of one
//     id; what was subsumed does not come back.
//   - [Referenced]: no request deletes a file that something that counts needs.
//   - [Latest]: what a coordinator restores is what counted last, at some moment of
//     the restore.
//   - [Told]: no subtask hears that a checkpoint is complete, and no promise of one is
//     kept, that did not count; a savepoint that was promised is there.
//   - [InOrder]: no subtask hears of a checkpoint before the coordinators of operators
//     and then the hooks have saved their state, and this is what is restored to them.
//   - [Progress]: when nothing fails any more, checkpoints complete.
//   - [NoOrphans]: after the last coordinator has swept and stopped, the disk holds
//     what counts, and the record of it, and nothing else. A directory stays whole as
//     long as anything in it is in use.
//   - [Terminating]: a run, and each shutdown, comes to an end.
//
// Some things are left that no sweep finds, and are forgiven. When a job has ended for
// good its record is removed, and with it the list of directories that somebody may yet
// write into: what a task writes after that stays, and what a request that had failed
// long ago still writes. Without a record nothing tells a coordinator that slept from
// its election to the end of the job that the job is over: its supervisor does. And of
// a claimed checkpoint in another job's directory, files that it shared stay if a crash
// interrupts their deletion, for nobody lists that directory.
//
// # What is a model
//
// Subtasks are models, and so is what restarts them: they do what package task asks of
// them, and what RocksDB does with its files, of which those of confirmed checkpoints
// are used again. The network delivers what is sent between two subtasks that live.
// The disk keeps what package storage/backend promises. A request that arrives after it
// failed is one that no store in production may send again by itself; here it comes
// some seconds later.
package simulation
