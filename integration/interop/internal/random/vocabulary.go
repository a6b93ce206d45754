package random

import "fmt"

// Vocabulary is what a release of Flink can read.
type Vocabulary struct {
	major, minor int
}

// Of returns the vocabulary of a release: "1.15.4", "2.0-preview1".
func Of(release string) (Vocabulary, error) {
	var v Vocabulary
	if _, err := fmt.Sscanf(release, "%d.%d", &v.major, &v.minor); err != nil {
		return v, fmt.Errorf("flink release %q: %w", release, err)
	}
	return v, nil
}

// since reports whether the release is that one or a later one.
func (v Vocabulary) since(major, minor int) bool {
	return v.major > major || v.major == major && v.minor >= minor
}

// Finished operators and subtasks are written with negative numbers that older
// releases take for something else.
func (v Vocabulary) finished() bool { return v.since(1, 14) }

// Canonical savepoints mark their key groups with tag 7. From then on key groups
// are also read in the stream position.
func (v Vocabulary) savepointKeyGroups() bool { return v.since(1, 13) }

// Changelogs: tags 8, 9 and 10.
func (v Vocabulary) changelog() bool { return v.since(1, 14) }

// EarlyChangelog reports whether changelogs lack sizes and ids. It was a preview.
func (v Vocabulary) EarlyChangelog() bool { return v.changelog() && !v.handleIDs() }

// Handle ids and checkpointed sizes: tags 11 and 12.
func (v Vocabulary) handleIDs() bool { return v.since(1, 15) }

// Changelogs with checkpoint id and storage identifier: tags 13 and 14.
func (v Vocabulary) changelogIDs() bool { return v.since(1, 16) }

// FilesAreListed reports whether the files of an incremental handle are a list.
// Before, Flink held them in a map, in no order and each name once.
func (v Vocabulary) FilesAreListed() bool { return v.since(1, 16) }

// AllFields reports whether Flink's objects have every field of a dump.
func (v Vocabulary) AllFields() bool { return v.since(1, 16) }

// File merging: tags 15, 16 and 17.
func (v Vocabulary) segments() bool { return v.since(1, 20) }

// EarlyChannelState reports whether channel state lacks the index of the subtask.
func (v Vocabulary) EarlyChannelState() bool { return !v.since(1, 12) }
