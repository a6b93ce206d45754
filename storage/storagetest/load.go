package storagetest

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"

	"github.com/cairnstate/cairn/storage/backend"
)

func loadChecks() []Check {
	return []Check{
		{Topic: "large objects", Name: "a large object is whole", run: largeObject},
		{Topic: "load", Name: "many goroutines do not disturb each other", run: concurrentLoad},
		{Topic: "load", Name: "open readers stop nobody", run: openReaders},
		{Topic: "load", Name: "nothing stays open", run: nothingStaysOpen},
	}
}

func largeObject(s *subject) error {
	content := noise(1, s.opts.largeSize())
	if err := s.putInPieces("large", content); err != nil {
		return err
	}
	if err := s.expect("large", content); err != nil {
		return err
	}
	size := len(content)
	for _, r := range []struct{ offset, length int }{{size/2 - 3, size / 2}, {size - 1, 1}, {size - 1, 2}, {5<<20 - 1, 2}, {8<<20 - 1, 2}} {
		got, _, err := s.get("large", &backend.OpenOptions{Offset: int64(r.offset), Length: int64(r.length)})
		start, end := min(r.offset, size), min(r.offset+r.length, size)
		if err == nil && !bytes.Equal(got, content[start:end]) {
			err = fmt.Errorf("a range of %d bytes at %d gives other bytes", r.length, r.offset)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// putInPieces writes in pieces that fit into no part evenly, out of a buffer that
// it uses again, as every copying loop does.
func (s *subject) putInPieces(name string, content []byte) error {
	w, err := s.backend.Create(s.ctx, s.key(name), nil)
	if err != nil {
		return err
	}
	defer w.Close()
	buffer := make([]byte, 1<<20-7)
	for rest := content; len(rest) > 0; {
		n := copy(buffer, rest)
		if _, err := w.Write(buffer[:n]); err != nil {
			return err
		}
		rest = rest[n:]
	}
	clear(buffer)
	return w.Commit()
}

// noise returns bytes that look like no others and are the same each time.
func noise(seed, size int) []byte {
	data := make([]byte, size)
	_, _ = rand.NewChaCha8([32]byte{byte(seed), byte(seed >> 8)}).Read(data) // never fails
	return data
}

func concurrentLoad(s *subject) error {
	const goroutines, rounds = 8, 4
	return s.connected(2, func(others []backend.Backend) error {
		results := make([]error, goroutines)
		var done sync.WaitGroup
		for i := range goroutines {
			done.Go(func() {
				for round := range rounds {
					results[i] = errors.Join(results[i], s.on(others[i%len(others)]).live(i, round))
				}
			})
		}
		done.Wait()
		if err := errors.Join(results...); err != nil {
			return err
		}
		return s.expectList("")
	})
}

// live is the life of an object while others live beside it.
func (s *subject) live(i, round int) error {
	dir := fmt.Sprintf("worker-%d", i)
	name := fmt.Sprintf("%s/round-%d", dir, round)
	content := noise(i*100+round, 10_000+i)
	if err := s.put(name, content); err != nil {
		return err
	}
	if err := s.expect(name, content); err != nil {
		return err
	}
	if err := s.expectList(dir, name); err != nil {
		return err
	}
	return s.backend.Delete(s.ctx, s.key(name))
}
