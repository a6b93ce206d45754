package storagetest

import (
	"fmt"
	"math"

	"github.com/cairnstate/cairn/storage/backend"
)

func readingChecks() []Check {
	return []Check{{Topic: "reading", Name: "ranges hold at their edges", run: rangesAtEdges}}
}

const digits = "0123456789"

// edge is a range of the digits, and what is in it.
type edge struct {
	offset, length int64
	want           string
}

func edges() []edge {
	return []edge{
		{0, 0, digits},
		{0, 1, "0"},
		{0, 10, digits},
		{0, 11, digits},
		{3, 0, "3456789"},
		{3, 4, "3456"},
		{3, math.MaxInt64, "3456789"}, // where their sum is no more than zero
		{math.MaxInt64, 1, ""},
		{9, 0, "9"},
		{9, 1, "9"},
		{9, 5, "9"},
		{10, 0, ""},
		{10, 1, ""},
		{11, 0, ""},
		{1 << 40, 1, ""},
	}
}

func rangesAtEdges(s *subject) error {
	if err := s.put("object", []byte(digits)); err != nil {
		return err
	}
	for _, e := range edges() {
		got, info, err := s.get("object", &backend.OpenOptions{Offset: e.offset, Length: e.length})
		if err != nil || string(got) != e.want {
			return fmt.Errorf("offset %d, length %d: got %s, %s; want %q", e.offset, e.length, brief(got), told(err), e.want)
		}
		if err := expectInfo("Reader.Info of a range", info, s.key("object"), len(digits)); err != nil {
			return fmt.Errorf("offset %d, length %d: %w", e.offset, e.length, err)
		}
	}
	for _, opts := range []backend.OpenOptions{{Offset: -1}, {Length: -1}} {
		if got, _, err := s.get("object", &opts); err == nil {
			return fmt.Errorf("offset %d, length %d gives %s and no error", opts.Offset, opts.Length, brief(got))
		}
	}
	return nil
}
