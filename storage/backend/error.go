package backend

import (
	"errors"
	"strings"
)

// ErrEscapes says that the name of an object led out of the place that it had to
// stay in: the root of the backend, or [OpenOptions.Within].
var ErrEscapes = errors.New("a symbolic link leads out of the directory")

// What errors of a backend mean beyond the sentinels of package io/fs.
var (
	// ErrChanged says that the object is not the one that the caller had seen.
	ErrChanged = errors.New("the object was replaced meanwhile")
	// ErrThrottled says that the store asks for fewer requests: the same call may
	// succeed later.
	ErrThrottled = errors.New("the store asks to be asked less often")
	// ErrTransient says that the store failed for the moment, or that its answer got
	// lost: the same call may succeed if it is repeated. Whether it may be repeated
	// is another question.
	ErrTransient = errors.New("the store failed for the moment")
)

// Error is what a backend's methods return: `s3: open "sp/_metadata" in bucket
// "b": no such object`. Unwrap gives the cause, in which errors.Is finds the fs
// sentinels and errors.As the SDK's own error. It never holds a secret.
type Error struct {
	Backend string // the scheme: "s3"
	Op      string // the verb: "open"
	Key     string
	Root    string // where the key is rooted, for people: `bucket "b"`; may be empty
	// Name is what people call the object, where key and root are not what they would
	// look for: "/data/chk-42/_metadata" of a file. It stands for both in the text.
	Name string
	Err  error
}

// Error says it in one line: backend, operation, key, cause.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.Backend)
	b.WriteString(": ")
	b.WriteString(e.Op)
	switch {
	case e.Name != "":
		b.WriteString(" \"" + e.Name + "\"")
	case e.Key != "":
		b.WriteString(" \"" + e.Key + "\"")
	}
	if e.Root != "" && e.Name == "" {
		b.WriteString(" in " + e.Root)
	}
	b.WriteString(": ")
	b.WriteString(e.Err.Error())
	return b.String()
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }
