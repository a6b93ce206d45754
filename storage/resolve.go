package storage

import (
	"context"
	"errors"
	"fmt"
	"io/fs"

	"github.com/cairnstate/cairn/storage/backend"
)

// ResolveCheckpoint finds the checkpoint or savepoint that the pointer names, by
// Flink's rules (AbstractFsCheckpointStorageAccess.resolveCheckpointPointer): a
// directory holds a file _metadata, and a file is the metadata itself, whatever
// its name. Flink asks what the pointer is and then opens; here opening is the
// question. The likelier file is opened first, which is the answer in one round
// trip; if it is not there the other is, while what lies around is listed for the
// error, which makes two. What was opened is kept for ReadMetadata.
//
// Cancelling ctx after the return changes nothing for the location.
func (s *BackendStorage) ResolveCheckpoint(ctx context.Context, pointer string) (CompletedCheckpointStorageLocation, error) {
	p, err := s.parse(pointer)
	if err != nil {
		return nil, fmt.Errorf("storage: resolve: %w", err)
	}
	b, err := s.backendOf(ctx, p)
	if err != nil {
		return nil, fmt.Errorf("storage: resolve %q: cannot access the store: %w", redact(pointer), err)
	}
	search := &search{backend: b, pointer: p}
	found, err := search.run(ctx)
	if err != nil {
		return nil, fmt.Errorf("storage: resolve %q: %w", redact(pointer), err)
	}
	return newLocation(s, b, found), nil
}

// candidate is one way to read a pointer.
type candidate struct{ file, dir Path }

// candidates returns the ways to read a pointer, the likelier first.
func candidates(p Path) []candidate {
	inDirectory := candidate{file: p.Child(MetadataFileName), dir: p}
	dir, ok := p.Parent()
	if !ok {
		return []candidate{inDirectory}
	}
	itself := candidate{file: p, dir: dir}
	if p.Name() == MetadataFileName {
		return []candidate{itself, inDirectory}
	}
	return []candidate{inDirectory, itself}
}

// found is a metadata file that is there, and the stream that proved it.
type found struct {
	candidate
	stream *stream
}

// search is the resolution of one pointer.
type search struct {
	backend backend.Backend
	pointer Path
	tried   []Path
	causes  []error
}

func (s *search) run(ctx context.Context) (found, error) {
	candidates := candidates(s.pointer)
	first, err := s.try(ctx, candidates[0])
	if !nothingThere(err) {
		return first, err
	}
	list, stop := context.WithCancel(ctx)
	defer stop()
	around := make(chan surroundings, 1)
	go func() { around <- look(list, s.backend, candidates[0].dir) }()
	for _, candidate := range candidates[1:] {
		second, err := s.try(ctx, candidate)
		if !nothingThere(err) {
			stop()
			<-around
			return second, err
		}
	}
	return found{}, s.notFound(candidates[0].dir, <-around)
}

func (s *search) try(ctx context.Context, c candidate) (found, error) {
	stream, err := openStream(ctx, s.backend, c.file.Key())
	if err != nil {
		s.tried = append(s.tried, c.file)
		s.causes = append(s.causes, err)
		return found{}, err
	}
	return found{candidate: c, stream: stream}, nil
}

// nothingThere reports whether the other candidate may yet be there. Stores that
// may not list answer "forbidden" where they have nothing.
func nothingThere(err error) bool {
	return errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrPermission)
}
