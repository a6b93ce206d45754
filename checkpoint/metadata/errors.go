package metadata

import (
	"errors"
	"fmt"
	"strings"
)

// The ways in which a file can be wrong, for errors.Is.
var (
	// ErrNotMetadata says that the data does not start as metadata does: it is
	// something else, or a savepoint of Flink 1.0.
	ErrNotMetadata = errors.New("not a Flink checkpoint or savepoint metadata file")

	// ErrUnsupportedVersion says that the metadata is of a version that this
	// package does not read or write.
	ErrUnsupportedVersion = errors.New("unsupported metadata version")

	// ErrCorrupt says that the data breaks the format: it is cut off, or was
	// changed, or was never right.
	ErrCorrupt = errors.New("corrupt metadata")

	// ErrUnknownTag says that a state handle is of a kind that is not known
	// where it stands: a newer Flink wrote it, a fork of Flink did, or the data
	// is corrupt.
	ErrUnknownTag = errors.New("unknown kind of state handle")

	// ErrExpansion says that the decoded value would need more than four times
	// the memory of the data. No Flink writes such files.
	ErrExpansion = errors.New("metadata expands beyond its memory budget")

	// ErrUnencodable says that a value has no form in the version that it is to
	// be written in.
	ErrUnencodable = errors.New("value cannot be written")
)

// Error tells where in a file, or in a value to be written, something is wrong.
type Error struct {
	// Offset is the position in the file of the byte that could not be read;
	// -1 when writing.
	Offset int64
	// Path leads to the field, outermost part first: "operator 3 of 7 (cbc3…)",
	// "subtask 2", "managed keyed state", "shared file 17".
	Path []string
	// Err says what is wrong. It wraps one of the sentinels of this package.
	Err error
}

// Error returns the path, the cause, and the offset.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString("metadata: ")
	if len(e.Path) > 0 {
		b.WriteString(strings.Join(e.Path, ", "))
		b.WriteString(": ")
	}
	b.WriteString(e.Err.Error())
	if e.Offset >= 0 {
		fmt.Fprintf(&b, " (at byte %d)", e.Offset)
	}
	return b.String()
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }
