package storage

import (
	"context"
	"fmt"
	"iter"
	"strconv"
	"strings"
	"time"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/storage/backend"
)

// StoredFile is a file as a listing tells of it.
type StoredFile struct {
	// Name is its path below the directory that was listed: "chk-7/_metadata".
	Name    string
	Size    int64     // in bytes
	ModTime time.Time // zero if the store does not say
}

// JobID returns the job whose checkpoints these are.
func (a *CheckpointStorageAccess) JobID() checkpoint.JobID { return a.job }

// Storage returns what the access was made by, which reads what it writes.
func (a *CheckpointStorageAccess) Storage() *BackendStorage { return a.storage }

// JobDirectory is the directory that holds what the job keeps: chk-N for each
// checkpoint, shared, and taskowned. With entropy it is where the metadata goes.
func (a *CheckpointStorageAccess) JobDirectory() string { return a.jobDirectory().String() }

// CheckpointDirectory is the directory of the checkpoint of the id, which need not exist.
func (a *CheckpointStorageAccess) CheckpointDirectory(id int64) string {
	return a.jobDirectory().Child(checkpointName + strconv.FormatInt(id, 10)).String()
}

func (a *CheckpointStorageAccess) jobDirectory() Path {
	return a.writing.entropy.remove(a.directory)
}

// SharedIsListed reports whether the files of [SharedState] are in the listing of the
// job's directory. With entropy they are not: they may be anywhere in the store.
func (a *CheckpointStorageAccess) SharedIsListed() bool { return !a.writing.entropy.isIn(a.directory) }

// Files lists all files in the directory of the job, in the order of their keys. After
// an error it ends.
func (a *CheckpointStorageAccess) Files(ctx context.Context) iter.Seq2[StoredFile, error] {
	return a.storage.Files(ctx, a.JobDirectory())
}

// Files lists all files below a directory, in the order of their keys. Nothing there
// is no error. After an error it ends.
func (s *BackendStorage) Files(ctx context.Context, directory string) iter.Seq2[StoredFile, error] {
	return func(yield func(StoredFile, error) bool) {
		dir, err := s.parse(directory)
		if err != nil {
			yield(StoredFile{}, fmt.Errorf("storage: list %q: %w", redact(directory), err))
			return
		}
		b, err := s.backendOf(ctx, dir)
		if err != nil {
			yield(StoredFile{}, fmt.Errorf("storage: list %q: %w", redact(directory), err))
			return
		}
		for info, err := range b.List(ctx, dir.Key()) {
			if err != nil {
				yield(StoredFile{}, fmt.Errorf("storage: list %q: %w", redact(directory), err))
				return
			}
			name := strings.TrimPrefix(strings.TrimPrefix(info.Key, dir.Key()), "/")
			if !yield(StoredFile{Name: name, Size: info.Size, ModTime: info.ModTime}, nil) {
				return
			}
		}
	}
}

// DiscardSharedFiles deletes files of shared, by what [CheckpointStorageAccess.Files]
// calls them: "shared/…". A name that leads anywhere else is [ErrOutsideAllowed], and
// then nothing is deleted. Files that are not there are deleted. It goes on after a
// failure; doing it again is safe. That no checkpoint uses them is for the caller to know.
func (a *CheckpointStorageAccess) DiscardSharedFiles(ctx context.Context, names []string) error {
	dir := a.jobDirectory()
	r := newRemoval(ctx, a.backend)
	for _, name := range names {
		if err := isShared(name); err != nil {
			return fmt.Errorf("storage: discard %q in %s: %w", name, redact(dir.String()), err)
		}
	}
	for _, name := range names {
		r.add(dir.Child(name).Key())
	}
	if err := r.wait(); err != nil {
		return fmt.Errorf("storage: discard shared files in %s: %w", redact(dir.String()), err)
	}
	return nil
}

// isShared returns why the name is not that of a file in shared.
func isShared(name string) error {
	below, ok := strings.CutPrefix(name, sharedDir+"/")
	if !ok || !backend.ValidKey(below) || strings.Contains(below, `\`) {
		return fmt.Errorf("%w: only files in %s are", ErrOutsideAllowed, sharedDir)
	}
	if strings.HasSuffix("/"+below, "/"+MetadataFileName) {
		return fmt.Errorf("%w: it is no state, and would take a checkpoint with it", ErrOutsideAllowed)
	}
	return nil
}
