package storagetest

import (
	"fmt"

	"github.com/cairnstate/cairn/storage/backend"
)

// finishings are what goes well, to its end.
func (s *subject) finishings() []leaving {
	ways := []leaving{
		{"writing", func() error { return s.put("new", []byte("new")) }},
		{"reading to the end", func() error { _, _, err := s.get("large", nil); return err }},
		{"downloading", func() error { _, err := backend.Download(s.ctx, s.backend, s.key("large"), nil, new(sink)); return err }},
		{"copying", func() error { return s.copy("object", "new", nil) }},
		{"deleting several", func() error { return backend.DeleteAll(s.ctx, s.backend, s.keys([]string{"new", "absent"})) }},
	}
	if !backend.LimitsOf(s.backend).NoSwap {
		ways = append(ways, leaving{"swapping", s.swapOn()})
	}
	return ways
}

// swapOn returns a swap from the one before: each is to another content, as there
// are stores that compare contents.
func (s *subject) swapOn() func() error {
	version, count := "", 0
	return func() (err error) {
		count++
		version, err = s.swap("swapped", version, fmt.Sprint("content ", count))
		return err
	}
}
