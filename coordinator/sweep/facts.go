package sweep

import (
	"context"
	"errors"
	"fmt"
	"path"
	"strings"

	"github.com/cairnstate/cairn/checkpoint/metadata"
	"github.com/cairnstate/cairn/coordinator/completed"
	"github.com/cairnstate/cairn/storage"
)

// Facts are what is decided from.
type Facts struct {
	// Shared are the files below shared, as the listing of the job's directory has them.
	Shared []storage.StoredFile

	Leftovers []Leftover
	Roots     []Root
}

// Leftover is a directory that the journal names, and what is in it.
type Leftover struct {
	completed.Leftover
	Files []storage.StoredFile
	Err   error // why it could not be listed
}

// Root is a checkpoint, and the files that it mentions.
type Root struct {
	// Directory is that of the metadata, as a path.
	Directory string
	// Names are the names, without directories, of those files that it mentions and
	// that a sweep might delete.
	Names map[string]bool
	// Retained says that the job may go back to it.
	Retained bool
	// Err says why the metadata could not be read.
	Err error
}

// Look gathers the facts about a job. It must be called before the first barrier is
// sent, and after the restore: the user may restore what would be swept. opts, which may
// be nil, say how metadata is decoded. Whoever was overtaken meanwhile gets
// [completed.ErrFenced].
func Look(ctx context.Context, access *storage.CheckpointStorageAccess, journal completed.Journal, opts *metadata.DecodeOptions) (*Facts, error) {
	l := look{access: access, opts: opts, facts: &Facts{}, interesting: make(map[string]bool)}
	err := journal.Recover(ctx) // else what is retained might not be known
	if err == nil {
		err = l.list(ctx, journal.Leftovers())
	}
	if err == nil {
		// Who was overtaken before the listing saw files of tasks that are not his to
		// judge: they may belong to a checkpoint that is being taken elsewhere. Who
		// leads now has led all the time.
		err = journal.Recover(ctx)
	}
	if err != nil {
		return nil, fmt.Errorf("coordinator/sweep: look at job %s: %w", access.JobID(), err)
	}
	l.readRoots(ctx, journal.All())
	return l.facts, ctx.Err()
}

type look struct {
	access      *storage.CheckpointStorageAccess
	opts        *metadata.DecodeOptions
	facts       *Facts
	metadata    []string        // paths of the metadata files in the job's directory
	interesting map[string]bool // names of files that might be deleted
}

// list lists the job's directory, and those of leftovers elsewhere.
func (l *look) list(ctx context.Context, leftovers []completed.Leftover) error {
	directories := make(map[string][]storage.StoredFile)
	for file, err := range l.access.Files(ctx) {
		if err != nil {
			return err
		}
		dir, _, _ := strings.Cut(file.Name, "/")
		directories[dir] = append(directories[dir], file)
		if path.Base(file.Name) == storage.MetadataFileName {
			l.metadata = append(l.metadata, l.access.JobDirectory()+"/"+file.Name)
		}
	}
	l.facts.Shared = directories["shared"]
	l.mark(l.facts.Shared)
	for _, left := range leftovers {
		l.leftover(ctx, left, directories)
	}
	return nil
}

func (l *look) leftover(ctx context.Context, left completed.Leftover, directories map[string][]storage.StoredFile) {
	inJob := l.access.CheckpointDirectory(left.ID)
	if left.Directory == "" {
		left.Directory = inJob
	}
	found := Leftover{Leftover: left}
	if left.Directory == inJob {
		found.Files = directories[path.Base(inJob)]
	} else {
		for file, err := range l.access.Storage().Files(ctx, left.Directory) {
			if found.Err = err; err == nil {
				found.Files = append(found.Files, file)
			}
		}
	}
	l.mark(found.Files)
	l.facts.Leftovers = append(l.facts.Leftovers, found)
}

func (l *look) mark(files []storage.StoredFile) {
	for _, file := range files {
		l.interesting[path.Base(file.Name)] = true
	}
}

// readRoots reads the metadata in the job's directory, and that of what is retained
// elsewhere.
func (l *look) readRoots(ctx context.Context, retained []*completed.Checkpoint) {
	known := make(map[string]bool)
	isRetained := make(map[string]bool)
	for _, cp := range retained {
		isRetained[cp.Location.MetadataPath()] = true
	}
	for _, file := range l.metadata {
		known[file] = true
		at, err := l.access.Storage().ResolveCheckpoint(ctx, file)
		if err != nil {
			l.facts.Roots = append(l.facts.Roots, Root{Directory: strings.TrimSuffix(file, "/"+storage.MetadataFileName), Retained: isRetained[file], Err: err})
			continue
		}
		l.root(ctx, at, isRetained[file])
		_ = at.Close()
	}
	for _, cp := range retained {
		if !known[cp.Location.MetadataPath()] {
			l.root(ctx, cp.Location, true)
		}
	}
}

func (l *look) root(ctx context.Context, at storage.CompletedCheckpointStorageLocation, retained bool) {
	root := Root{Directory: at.ExternalPointer(), Retained: retained, Names: make(map[string]bool)}
	root.Err = l.read(ctx, at, root.Names)
	l.facts.Roots = append(l.facts.Roots, root)
}

// read notes the names of interesting files that the metadata mentions.
func (l *look) read(ctx context.Context, at storage.CompletedCheckpointStorageLocation, names map[string]bool) error {
	data, err := at.ReadMetadata(ctx)
	if err != nil {
		return err
	}
	file, err := metadata.Decode(data, l.opts)
	if err != nil {
		return fmt.Errorf("%s: %w", at.MetadataPath(), err)
	}
	for _, mentioned := range file.Files() {
		if name := path.Base(mentioned.Path); l.interesting[name] {
			names[strings.Clone(name)] = true
		}
	}
	return nil
}

// ErrDoubt says that nothing is deleted, because nobody knows what is in use.
var ErrDoubt = errors.New("nobody knows what is in use")
