package main

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"github.com/cairnstate/cairn/storage"
	"github.com/cairnstate/cairn/storage/backend"
)

// lostShown is how many files the error names; the JSON names all.
const lostShown = 20

// isLost reports whether the state is missing or cut off, which makes the answer no.
func (e *unreadableState) isLost() bool {
	return errors.Is(e.err, fs.ErrNotExist) || errors.Is(e.err, storage.ErrTruncated)
}

// failure returns what ends the reading: nothing for state that is lost, of which
// there may be more.
func (e *unreadableState) failure() error {
	if e.isLost() {
		return nil
	}
	return e
}

func lostOf(unread []*unreadableState) []*unreadableState {
	var lost []*unreadableState
	for _, e := range unread {
		if e != nil && e.isLost() {
			lost = append(lost, e)
		}
	}
	return lost
}

// firstOf returns, of several failures that came at once, the one that comes first in
// the order of the subtasks if it is of the metadata's making: then it is the same one
// every time.
func firstOf(unread []*unreadableState, failed error) error {
	for _, e := range unread {
		if e != nil && e.isOutside() {
			return e
		}
	}
	return failed
}

// isOutside reports whether the user has not allowed the place of the state. Readers
// that were stopped by another's failure wrap that one, and are not meant.
func (e *unreadableState) isOutside() bool {
	_, stopped := errors.AsType[*unreadableState](e.err)
	return !stopped && errors.Is(e.err, storage.ErrOutsideAllowed)
}

// lostReport is a file of which state is missing.
type lostReport struct {
	Path    string `json:"path"`
	Vertex  string `json:"vertex"` // of the first subtask that reads it
	Subtask int32  `json:"subtask"`
	Reason  string `json:"reason"`
}

// lostReports names each file once.
func lostReports(lost []*unreadableState, dir string) []lostReport {
	reports := []lostReport{}
	seen := make(map[string]bool)
	for _, e := range lost {
		if path := pathOf(e.handle, dir); !seen[path] {
			seen[path] = true
			reports = append(reports, lostReport{path, e.vertex, e.subtask, e.reason(path)})
		}
	}
	return reports
}

// reason is why the state is lost, without the path, which stands beside it, unless the
// file was looked for elsewhere.
func (e *unreadableState) reason(path string) string {
	if errors.Is(e.err, fs.ErrNotExist) {
		if at, ok := errors.AsType[*backend.Error](e.err); ok && !strings.HasSuffix(path, at.Key) {
			return "it is missing (" + at.Error() + ")"
		}
		return "it is missing"
	}
	truncated := storage.ErrTruncated.Error()
	_, how, _ := strings.Cut(e.err.Error(), truncated)
	return truncated + how
}

// lostError is the answer no for want of state.
func lostError(metadataFile string, lost []lostReport) error {
	if len(lost) == 0 {
		return nil
	}
	lines := []string{fmt.Sprintf("%s: does not restore, state is missing in %s:", metadataFile, count(len(lost), "file"))}
	for i, l := range lost {
		if i == lostShown {
			lines = append(lines, fmt.Sprintf("and %d more, which -o json names", len(lost)-lostShown))
			break
		}
		lines = append(lines, printable(fmt.Sprintf("%s: %s; subtask %d of %s reads it", l.Path, l.Reason, l.Subtask, l.Vertex)))
	}
	return negative(errors.New(strings.Join(lines, "\n")))
}
