// Package backend is what a store of bytes must promise to hold checkpoints: five
// verbs, and nothing about checkpoints.
//
// Whoever has a place that can open, stat, list, create and delete objects by
// name implements [Backend] and gets everything above it. Whoever uses one holds
// a Backend by value of the interface and need not know which it is. A [Registry]
// finds the backend of a URI by its scheme; it is a value that a program fills by
// hand, so nothing is linked that nobody named.
//
// Keys are slash-separated paths relative to the root of the backend (a bucket,
// or a directory): "savepoints/savepoint-1a2b/_metadata". They never begin or
// end with a slash, hold no empty, "." or ".." element, and are not
// percent-encoded.
//
// # Powers
//
// Many stores can do more than the five verbs. Each power is a small interface of
// its own that a backend may implement, and a function of this package that uses
// it where it is, and says what it does where it is not:
//
//	| power          | function    | without the power                          |
//	|----------------|-------------|--------------------------------------------|
//	| [BatchDeleter] | [DeleteAll] | Delete, some at once                       |
//	| [Copier]       | [Copy]      | Open and Create                            |
//	| [Downloader]   | [Download]  | Open, one stream                           |
//	| [Uploader]     | [Upload]    | Create, one stream                         |
//	| [Locator]      | [Locate]    | [errors.ErrUnsupported]: stream it by Open |
//	| [Swapper]      | [Swap]      | [errors.ErrUnsupported]: create numbered   |
//	|                |             | keys with IfAbsent                         |
//
// Callers call the functions and never the interfaces, because a wrapper hides
// what it wraps: a wrapper embeds [Through], which forwards every power.
//
// # Limits
//
// What a store cannot promise it declares as [Limits], and who depends on a
// promise asks for it before the first byte is written, with [Require]. Nobody
// should find out during a restore.
package backend

import (
	"context"
	"io"
	"iter"
	"time"
)

// Backend stores objects under keys.
//
// These promises hold for all its methods. The caller promises valid keys (see
// [ValidKey]), to close what it opened, and not to use a Backend after Close.
//
//   - Concurrency: many goroutines may call at once, and many processes may use one
//     store. Readers and writers are for one goroutine each.
//   - Visibility: an object is there, whole, from the moment at which Commit
//     returned nil, for every verb and every process; before that it is not there at
//     all. Nobody ever reads part of one object and part of another.
//   - Exclusivity: of any number of writers with IfAbsent, in any number of
//     processes, one Commit returns nil.
//   - Durability: what was committed outlives the process and the machine.
//   - Cancellation: each method returns soon after ctx is done, with an error that
//     matches its cause, and a Backend whose context is done changes nothing more in
//     the store, except that it removes what its writers left unfinished.
//   - Errors are *[Error], and satisfy errors.Is for [fs.ErrNotExist], [fs.ErrExist],
//     [fs.ErrPermission], [ErrChanged], [ErrThrottled] and [ErrTransient] where they
//     mean that. They never hold a secret. After an error of Open, Stat or List
//     nothing has changed. After an error of Delete or Commit the change may have
//     been made or not, and never half; who needs to know, reads.
type Backend interface {
	// Open opens the object for reading. opts may be nil. If there is no such
	// object the error is [fs.ErrNotExist]; a mere prefix of keys (a directory) is
	// no object. The context holds until the Reader is closed.
	//
	// An object store answers Open with one request, which also yields
	// [Reader.Info]; a caller need not Stat first.
	Open(ctx context.Context, key string, opts *OpenOptions) (Reader, error)

	// Stat describes the object. If there is none the error is [fs.ErrNotExist], and
	// then it stays so, whatever happens to the machine, until somebody creates it.
	Stat(ctx context.Context, key string) (Info, error)

	// List yields the objects whose keys begin with prefix, in ascending order of
	// their keys' bytes. The prefix is a whole path: "a/chk-1" lists "a/chk-1/x"
	// and neither "a/chk-1" itself nor "a/chk-10/x". The empty prefix lists all.
	// Nothing there is not an error. After yielding an error it ends. The caller
	// may stop at any element. What is created or deleted meanwhile may be seen or
	// not; all else is seen exactly once.
	List(ctx context.Context, prefix string) iter.Seq2[Info, error]

	// Create begins to write an object. opts may be nil. Nothing is visible to
	// anyone until [Writer.Commit] returns nil. The context holds until the Writer
	// is closed.
	Create(ctx context.Context, key string, opts *CreateOptions) (Writer, error)

	// Delete removes the object. Deleting what is not there succeeds.
	Delete(ctx context.Context, key string) error

	// Close releases connections and handles. It is called once, after which no
	// method is called.
	Close() error
}

// OpenOptions narrow what Open reads.
type OpenOptions struct {
	// Offset is the first byte to read.
	Offset int64
	// Length is the number of bytes to read; 0 means to the end. Fewer come if
	// the object ends before. An Offset beyond the end reads nothing.
	Length int64
	// Within, if not empty, is a prefix of the key ("a/chk-1" of "a/chk-1/x") that
	// reading must not leave. A store whose names can lead elsewhere, as symbolic
	// links do, then fails with [ErrEscapes] rather than follow one out of it;
	// a store without such names ignores Within. It is an option and no method so
	// that a wrapper that does not know it cannot lose it.
	Within string
	// Version, if not empty, is an [Info.Version] that this backend told of the
	// object: if it is another by now, the error is [ErrChanged].
	Version string
}

// CreateOptions say how Commit publishes.
type CreateOptions struct {
	// IfAbsent makes Commit fail with [fs.ErrExist] if the key exists by then: of
	// any number of writers one wins. Without it Commit replaces atomically.
	IfAbsent bool
}

// Reader reads an object. It is for one goroutine. It must be closed.
type Reader interface {
	io.ReadCloser

	// Info describes the whole object, even if only a range of it is read.
	Info() Info
}

// Writer writes an object; it is for one goroutine. It has two endings: Commit
// makes the object be, Close without Commit makes it never have been. Write
//
//	defer w.Close()
//
// on the line after Create, always.
type Writer interface {
	io.Writer

	// Commit publishes the object, whole and durable, or returns an error. It is
	// called at most once. After an error the object may or may not exist (the
	// answer may have been lost): who needs to know, reads.
	Commit() error

	// Close abandons the object if it was not committed, and releases everything.
	// After Commit it does nothing. It may be called more than once.
	Close() error
}

// Info describes an object.
type Info struct {
	Key     string
	Size    int64     // in bytes
	ModTime time.Time // zero if the store does not say
	// Version tells this content from what the key held before and will hold after
	// (an entity tag, a generation). It means nothing to anyone but the backend that
	// told it, and is empty if the store does not say.
	Version string
}
