package filesink

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"strconv"
	"strings"

	"github.com/cairnstate/cairn/storage/backend"
	"github.com/cairnstate/cairn/task/program"
	"github.com/cairnstate/cairn/task/twophase"
)

// New returns a sink for one subtask, that writes files below the directory, which is a
// prefix of keys, as "counts/2026" is. The bytes of a record are what encode appends.
func New[In any](b backend.Backend, directory string, encode func(to []byte, record In) ([]byte, error)) *twophase.Sink[In, Name] {
	return twophase.New(&files[In]{backend: b, directory: directory, encode: encode})
}

// Name finds a file again, pending or not: the subtask that wrote it, a hyphen, and
// random digits.
type Name string

type files[In any] struct {
	backend   backend.Backend
	directory string
	encode    func(to []byte, record In) ([]byte, error)
}

const pendingDirectory = "/.pending"

func (f *files[In]) pending(name Name) string {
	subtask, random, _ := strings.Cut(string(name), "-")
	return f.directory + pendingDirectory + "/" + subtask + "/" + random
}

func (f *files[In]) final(name Name) string { return f.directory + "/part-" + string(name) }

// Begin begins a file.
func (f *files[In]) Begin(ctx context.Context, sub *program.Subtask) (twophase.Transaction[In, Name], error) {
	var random [8]byte
	_, _ = rand.Read(random[:]) // never fails
	name := Name(fmt.Sprintf("%d-%s", sub.Index, hex.EncodeToString(random[:])))
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

// AbortOthers deletes pending files.
func (f *files[In]) AbortOthers(ctx context.Context, subtask func(int32) bool, keep []Name) error {
	known := make(map[string]bool, len(keep))
	for _, name := range keep {
		known[f.pending(name)] = true
	}
	var stale []string
	for info, err := range f.backend.List(ctx, f.directory+pendingDirectory) {
		if err != nil {
			return fmt.Errorf("filesink: %w", err)
		}
		if index, ok := f.subtaskOf(info.Key); ok && subtask(index) && !known[info.Key] {
			stale = append(stale, info.Key)
		}
	}
	if err := backend.DeleteAll(ctx, f.backend, stale); err != nil {
		return fmt.Errorf("filesink: %w", err)
	}
	return nil
}

// subtaskOf returns the index in the name of a pending file.
func (f *files[In]) subtaskOf(key string) (int32, bool) {
	digits, _, _ := strings.Cut(strings.TrimPrefix(key, f.directory+pendingDirectory+"/"), "/")
	index, err := strconv.ParseInt(digits, 10, 32)
	return int32(index), err == nil
}
