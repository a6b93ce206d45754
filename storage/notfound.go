package storage

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"syscall"

	"github.com/cairnstate/cairn/storage/backend"
)

// surroundings is what lies below the directory in which a search found nothing.
type surroundings struct {
	files       int  // as far as counted
	more        bool // than counted
	checkpoints []Path
	unfinished  bool // Flink's temporary metadata file is there
	err         error
}

const (
	maxCounted     = 1000 // one page of an object store, one request
	maxCheckpoints = 3
	// unfinishedName is what the metadata file is named before Flink commits it
	// (LocalRecoverableWriter).
	unfinishedName = "._metadata.inprogress."
)

// look lists what is below the directory, one page of it.
func look(ctx context.Context, b backend.Backend, dir Path) surroundings {
	var s surroundings
	for info, err := range b.List(ctx, dir.Key()) {
		if err != nil {
			s.err = err
			break
		}
		if s.files == maxCounted {
			s.more = true
			break
		}
		s.files++
		s.note(dir, info.Key)
	}
	return s
}

func (s *surroundings) note(dir Path, key string) {
	below := strings.TrimPrefix(strings.TrimPrefix(key, dir.Key()), "/")
	inDir, name := "", below
	if slash := strings.LastIndexByte(below, '/'); slash >= 0 {
		inDir, name = below[:slash], below[slash+1:]
	}
	if inDir == "" && strings.HasPrefix(name, unfinishedName) {
		s.unfinished = true
	}
	if name == MetadataFileName && inDir != "" && len(s.checkpoints) < maxCheckpoints {
		s.checkpoints = append(s.checkpoints, dir.Child(inDir))
	}
}

// notFound says what was looked for and where, and what to do. The kinds are
// those of Flink's: no such file or directory, or a directory without metadata.
func (s *search) notFound(dir Path, around surroundings) error {
	for _, cause := range s.causes {
		if errors.Is(cause, fs.ErrPermission) {
			return fmt.Errorf("not permitted to look for %s: %w%s", s.lookedFor(), cause, s.permit())
		}
	}
	return &notFoundError{text: s.explain(dir, around), causes: append([]error{ErrNotFound}, s.causes...)}
}

// permit is what to do about a refusal of the store. That of a disk says it itself.
func (s *search) permit() string {
	if s.pointer.Scheme() == "file" {
		return ""
	}
	return "; give this identity permission to read and to list there"
}

func (s *search) explain(dir Path, around surroundings) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%v: ", ErrNotFound)
	switch {
	case around.files > 0 || s.isDirectory():
		fmt.Fprintf(&b, "cannot find the metadata file %q in directory %q", MetadataFileName, redact(dir.String()))
	default:
		fmt.Fprintf(&b, "cannot find a checkpoint or savepoint file or directory %q", redact(s.pointer.String()))
	}
	fmt.Fprintf(&b, "; looked for %s; %s", s.lookedFor(), around.describe(dir))
	fmt.Fprintf(&b, "; %s", around.advise())
	if strings.Contains(s.pointer.Key(), "?") {
		b.WriteString("; a pointer has no parameters, its question mark is part of the name: configure the store by a location (--location, or Options.Locations)")
	}
	return b.String()
}

// isDirectory reports whether the store said that the pointer is a directory.
func (s *search) isDirectory() bool {
	for _, cause := range s.causes {
		if errors.Is(cause, syscall.EISDIR) {
			return true
		}
	}
	return false
}

func (s *search) lookedFor() string {
	var texts []string
	for _, p := range s.tried {
		texts = append(texts, redact(p.String()))
	}
	return strings.Join(texts, " and ")
}

func (s surroundings) describe(dir Path) string {
	name := redact(dir.String())
	switch {
	case s.err != nil:
		return fmt.Sprintf("could not list %s (%v)", name, s.err)
	case s.more:
		return fmt.Sprintf("%s holds more than %d other files", name, s.files)
	case s.files == 0:
		return fmt.Sprintf("nothing is below %s", name)
	}
	return fmt.Sprintf("%s holds %s", name, plural(s.files, "other file"))
}

func (s surroundings) advise() string {
	switch {
	case s.unfinished:
		return "its metadata is still being written, or was given up before it was complete: use an older checkpoint"
	case len(s.checkpoints) > 0:
		var texts []string
		for _, p := range s.checkpoints {
			texts = append(texts, redact(p.String()))
		}
		return "there are checkpoints below it: point at one of them, as " + strings.Join(texts, " or ")
	case s.files > 0:
		return "if the metadata file has another name, point at the file itself; if not, the checkpoint was not completed or its metadata was deleted"
	}
	return "check the spelling, the bucket, and whether the checkpoint was deleted"
}

// notFoundError wraps its causes without repeating them.
type notFoundError struct {
	text   string
	causes []error
}

func (e *notFoundError) Error() string   { return e.text }
func (e *notFoundError) Unwrap() []error { return e.causes }

func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
