// Package durable keeps what a job's coordinators must not forget in the storage that
// holds the checkpoints: no ZooKeeper, no Kubernetes, one small file.
//
// The file is _coordinator in the job's directory. It says who leads, which id comes
// next, which checkpoints are retained, and which directories are half written or half
// deleted. A [Store] is a leader's hold on it, and is three things at once: the
// completed checkpoint store, by [Store.IDCounter] the counter of ids, and the journal.
//
// # Leading
//
// The file changes by compare-and-swap alone. Whoever calls [Open] takes over: it writes
// itself into the file, with an epoch that is one higher. From then on what the one before
// believes to be there is not there any more, so its next write fails, whatever it is:
// it cannot take an id, so it can begin no checkpoint; it cannot add one, so what it
// still publishes is nobody's. That is [completed.ErrFenced], and it is for good. Of
// several that take over at the same moment one succeeds.
//
// Nobody's clock plays a part, and there is no lease to lose. Who ought to lead is for
// others to know, a supervisor or a person; this makes sure that whoever led before
// does not any more.
//
// # Costs
//
// An id is one write, and so is adding a checkpoint, which at the same time records what
// it pushed out as being deleted. That a deletion is done costs no write: it comes with
// the next. So a checkpoint that completes costs two. A savepoint costs three: its id, where
// it is being written, and that it is complete, which nobody is told before.
//
// # Lost answers
//
// A write whose answer is lost is settled by reading: what it wrote is there, or what was
// there before still is, and then it is tried again, since both tries stand on the same
// version and one succeeds at most. If the store does not answer at all, that is
// [completed.ErrInDoubt], and the next write begins with settling it.
//
// # Other stores
//
// What is decided is in a value (the ledger), and the file is one way to keep it: read
// with a version, replaced if that is still the version. etcd has that as a transaction
// on a key's revision, Kubernetes as an object's resourceVersion. A store over either
// implements [completed.Journal] as this one does.
package durable
