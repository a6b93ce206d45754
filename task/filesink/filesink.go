package filesink

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strconv"
	"strings"

	"github.com/cairnstate/cairn/storage/backend"
	"github.com/cairnstate/cairn/task/twophase"
)

// New returns a sink for one subtask, that writes files below the directory, which is a
// prefix of keys, as "counts/2026" is. The bytes of a record are what encode appends.
func New[In any](b backend.Backend, directory string, encode func(to []byte, record In) ([]byte, error)) *twophase.Sink[In, Name] {
	return twophase.New(&files[In]{backend: b, directory: directory, encode: encode})
}

// Name finds a file again, pending or not: the subtask that wrote it, the checkpoint
// after which it was begun, the epoch of the process, and random digits, with hyphens
// between them.
type Name string

type files[In any] struct {
	backend   backend.Backend
	directory string
	encode    func(to []byte, record In) ([]byte, error)
}

const pendingDirectory = "/.pending"

func (f *files[In]) pending(name Name) string {
	return f.directory + pendingDirectory + "/" + string(name)
}
func (f *files[In]) final(name Name) string { return f.directory + "/part-" + string(name) }

// Begin begins a file.
func (f *files[In]) Begin(ctx context.Context, origin twophase.Origin) (twophase.Transaction[In, Name], error) {
	var random [8]byte
	_, _ = rand.Read(random[:]) // never fails
	name := Name(fmt.Sprintf("%d-%d-%d-%x", origin.Subtask, origin.After, origin.Epoch, random))
	w, err := f.backend.Create(ctx, f.pending(name), nil)
	if err != nil {
		return nil, err
	}
	return &file[In]{name: name, encode: f.encode, writer: w}, nil
}

// Commit copies the file to its final name. If there is no pending file the copy was
// made before; that it is there is looked after, for else records are lost.
func (f *files[In]) Commit(ctx context.Context, name Name) error {
	err := backend.Copy(ctx, f.backend, f.pending(name), f.final(name), nil)
	if errors.Is(err, fs.ErrNotExist) {
		if _, err := f.backend.Stat(ctx, f.final(name)); err != nil {
			return fmt.Errorf("filesink: commit %s: neither the pending file nor the final one is there: records are lost; who deleted them? %w", f.final(name), err)
		}
		return nil
	}
	if err != nil {
		return fmt.Errorf("filesink: commit %s: %w", f.final(name), err)
	}
	if err := f.backend.Delete(ctx, f.pending(name)); err != nil {
		return fmt.Errorf("filesink: commit %s: delete the pending file: %w", f.final(name), err)
	}
	return nil
}

// AbortStale deletes pending files.
func (f *files[In]) AbortStale(ctx context.Context, stale func(twophase.Origin) bool) error {
	var keys []string
	for info, err := range f.backend.List(ctx, f.directory+pendingDirectory) {
		if err != nil {
			return fmt.Errorf("filesink: %w", err)
		}
		if origin, ok := originOf(path.Base(info.Key)); ok && stale(origin) {
			keys = append(keys, info.Key)
		}
	}
	if err := backend.DeleteAll(ctx, f.backend, keys); err != nil {
		return fmt.Errorf("filesink: %w", err)
	}
	return nil
}

// originOf reads a name.
func originOf(name string) (o twophase.Origin, ok bool) {
	parts := strings.Split(name, "-")
	if len(parts) != 4 {
		return o, false
	}
	var numbers [3]int64
	for i := range numbers {
		var err error
		if numbers[i], err = strconv.ParseInt(parts[i], 10, 64); err != nil {
			return o, false
		}
	}
	return twophase.Origin{Subtask: int32(numbers[0]), After: numbers[1], Epoch: numbers[2]}, true
}
