package trace

import (
	"fmt"
	"log/slog"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/cairnstate/cairn/storage/backend"
	"github.com/cairnstate/cairn/storage/internal/around"
)

// Line is one operation.
type Line struct {
	Store string // the root of the backend, if whoever made the trace gave it: "s3://bucket"
	// Op is the verb or power, "read" for what was read of an opened object, and
	// "commit" or "abort" for what was written to a created one.
	Op       string
	Key      string   // of a listing the prefix
	To       string   // of a copy the key that was made
	Keys     []string // of a batch deletion
	IfAbsent bool
	Offset   int64 // the range that was asked for; Length 0 is to the end
	Length   int64
	// Bytes is the size of the object that was opened or asked about, and otherwise how
	// many bytes were moved; less than 0 if the operation has none.
	Bytes   int64
	Objects int // how many were listed, or were to be deleted; less than 0 if none could be
	Err     error
	Took    time.Duration // in calls, without the time that the caller took between them
}

// String gives the line without its time. Of a batch it tells how many keys there are
// and what they are below of.
func (l Line) String() string {
	var s strings.Builder
	if l.Store != "" {
		s.WriteString(l.Store + " ")
	}
	s.WriteString(l.Op)
	if l.Key != "" || l.Op == string(around.List) {
		s.WriteString(" " + strconv.Quote(l.Key))
	}
	if l.To != "" {
		s.WriteString(" to " + strconv.Quote(l.To))
	}
	if len(l.Keys) > 0 {
		s.WriteString(" below " + strconv.Quote(below(l.Keys)))
	}
	if l.IfAbsent {
		s.WriteString(" if-absent")
	}
	s.WriteString(l.span())
	if l.Bytes >= 0 {
		fmt.Fprintf(&s, ", %d bytes", l.Bytes)
	}
	if l.Objects >= 0 {
		fmt.Fprintf(&s, ", %d objects", l.Objects)
	}
	return s.String() + ": " + l.Outcome()
}

// below returns the longest prefix, as listings understand it, that holds all keys.
func below(keys []string) string {
	prefix := keys[0]
	for {
		prefix = prefix[:max(0, strings.LastIndexByte(prefix, '/'))]
		if !slices.ContainsFunc(keys, func(key string) bool { return !backend.HasPrefix(key, prefix) }) {
			return prefix
		}
	}
}

func (l Line) span() string {
	if l.Offset == 0 && l.Length == 0 {
		return ""
	}
	if l.Length == 0 {
		return fmt.Sprintf(" at %d", l.Offset)
	}
	return fmt.Sprintf(" at %d+%d", l.Offset, l.Length)
}

// Outcome is "ok", or what went wrong in a word; if there is none, in the words of
// the store.
func (l Line) Outcome() string {
	kind := around.Kind(l.Err)
	if kind == "failed" {
		return "failed: " + l.Err.Error()
	}
	return kind
}

// LogValue gives the line as attributes, with the error in full and the time.
func (l Line) LogValue() slog.Value {
	attributes := []slog.Attr{slog.String("op", l.Op), slog.String("key", l.Key), slog.String("outcome", around.Kind(l.Err)), slog.Duration("took", l.Took)}
	if l.Store != "" {
		attributes = append(attributes, slog.String("store", l.Store))
	}
	if l.To != "" {
		attributes = append(attributes, slog.String("to", l.To))
	}
	if l.Bytes >= 0 {
		attributes = append(attributes, slog.Int64("bytes", l.Bytes))
	}
	if l.Objects >= 0 {
		attributes = append(attributes, slog.Int("objects", l.Objects))
	}
	if l.Err != nil {
		attributes = append(attributes, slog.Any("error", l.Err))
	}
	return slog.GroupValue(attributes...)
}
