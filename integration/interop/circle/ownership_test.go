//go:build interop

package circle

import (
	"errors"
	"os"
	"path/filepath"
	"strings"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/checkpoint/metadata"
	"github.com/cairnstate/cairn/coordinator"
	"github.com/cairnstate/cairn/storage"
)

// retained is how many checkpoints a life keeps.
const retained = 2

// checkOwnership looks, after a life, at what became of the checkpoint that it began
// with, and of those that it made. Nothing that it leaves depends on what it did not
// claim; a savepoint depends on nothing.
func (l *life) checkOwnership(b beginning, leaves string, clings bool) {
	l.t.Helper()
	if b.from != "" {
		l.checkRestored(b, clings)
	}
	if b.mode != coordinator.NoClaim && !strings.Contains(leaves, "/savepoint-") {
		return
	}
	for path := range l.pathsIn(leaves) {
		if !strings.Contains(path, l.ID.String()) && !strings.Contains(path, "/savepoint-"+l.ID.String()[:6]) {
			l.t.Errorf("%s depends on %s", leaves, path)
		}
	}
}

// checkRestored holds that a claimed checkpoint is gone as soon as newer ones have taken
// its place, or the job has finished; and that any other is there.
func (l *life) checkRestored(b beginning, clings bool) {
	l.t.Helper()
	superfluous := b.mode == coordinator.Claim && (l.checkpoints >= retained || l.hasFinished)
	switch exists := l.exists(b.from); {
	case exists && superfluous && !clings:
		l.t.Errorf("%s was claimed, and is there %d checkpoints later", b.from, l.checkpoints)
	case !exists && !superfluous:
		l.t.Errorf("%s, restored with %s, is gone after %d checkpoints", b.from, b.mode, l.checkpoints)
	}
}

func (l *life) exists(pointer string) bool {
	l.t.Helper()
	location, err := l.place.storage.ResolveCheckpoint(l.ctx, pointer)
	if err == nil {
		_ = location.Close()
	} else if !errors.Is(err, storage.ErrNotFound) {
		l.t.Fatal(err)
	}
	return err == nil
}

// pathsIn returns the paths of files in a snapshot, which lie below its directory if
// they are relative.
func (l *life) pathsIn(pointer string) map[string]bool {
	l.t.Helper()
	location, err := l.place.storage.ResolveCheckpoint(l.ctx, pointer)
	if err != nil {
		l.t.Fatal(err)
	}
	defer location.Close()
	data, err := location.ReadMetadata(l.ctx)
	if err != nil {
		l.t.Fatal(err)
	}
	file, err := metadata.Decode(data, nil)
	if err != nil {
		l.t.Fatal(err)
	}
	paths := map[string]bool{location.MetadataPath(): true}
	for _, handle := range file.StreamStateHandles() {
		switch h := handle.(type) {
		case *checkpoint.FileStateHandle:
			paths[h.Path] = true
		case *checkpoint.SegmentFileStateHandle:
			paths[h.PhysicalPath] = true
		case *checkpoint.RelativeFileStateHandle:
			paths[location.ExternalPointer()+"/"+h.RelativePath] = true
		}
	}
	return paths
}

// keep remembers what is to be there after the life: whatever its coordinator retains.
func (l *life) keep() {
	for _, cp := range l.Completed() {
		l.place.kept[cp.ExternalPointer()] = l.pathsIn(cp.ExternalPointer())
	}
}

// checkFiles holds that what the checkpoints of this life name is there, and that what
// lies in the directory of checkpoints is named by those that this life or earlier ones
// have left.
func (l *life) checkFiles(b beginning) {
	l.t.Helper()
	for pointer, paths := range l.place.kept {
		for path := range paths {
			if _, err := os.Stat(strings.TrimPrefix(path, "file:")); err != nil && strings.Contains(pointer, l.ID.String()) {
				l.t.Errorf("%s names what is not there: %v", pointer, err)
			}
		}
	}
	if b.mode == coordinator.Claim && !l.exists(b.from) {
		delete(l.place.kept, b.from)
	}
	named := map[string]bool{}
	for _, paths := range l.place.kept {
		for path := range paths {
			named[strings.TrimPrefix(path, "file:")] = true
		}
	}
	err := filepath.WalkDir(strings.TrimPrefix(l.place.checkpoints(), "file://"), func(path string, entry os.DirEntry, err error) error {
		if err == nil && !entry.IsDir() && !named[path] {
			l.t.Errorf("nothing names %s", path)
		}
		return err
	})
	if err != nil {
		l.t.Fatal(err)
	}
}
