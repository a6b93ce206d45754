package storagetest

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"

	"github.com/cairnstate/cairn/storage/backend"
)

// largeSize is more than one part of a multipart upload (5 MiB) and more than one
// chunk of a resumable one, and no multiple of anything.
const largeSize = 11<<20 + 12345

func largeObject(s *subject) error {
	content := noise(1, largeSize)
	w, err := s.backend.Create(s.ctx, s.key("large"), nil)
	if err != nil {
		return err
	}
	defer w.Close()
	for rest := content; len(rest) > 0; {
		n, err := w.Write(rest[:min(len(rest), 1<<20-7)])
		if err != nil {
			return err
		}
		rest = rest[n:]
	}
	if err := w.Commit(); err != nil {
		return err
	}
	if err := s.expect("large", content); err != nil {
		return err
	}
	const offset, length = 5<<20 - 3, 6 << 20
	got, _, err := s.get("large", &backend.OpenOptions{Offset: offset, Length: length})
	if err == nil && !bytes.Equal(got, content[offset:offset+length]) {
		err = fmt.Errorf("a range of %d bytes at %d gives other bytes", length, offset)
	}
	return err
}

// noise returns bytes that look like no others and are the same each time.
func noise(seed, size int) []byte {
	data := make([]byte, size)
	_, _ = rand.NewChaCha8([32]byte{byte(seed), byte(seed >> 8)}).Read(data) // never fails
	return data
}

func concurrentLoad(s *subject) error {
	const goroutines, rounds = 8, 4
	results := make([]error, goroutines)
	var done sync.WaitGroup
	for i := range goroutines {
		done.Go(func() {
			for round := range rounds {
				results[i] = errors.Join(results[i], s.live(i, round))
			}
		})
	}
	done.Wait()
	if err := errors.Join(results...); err != nil {
		return err
	}
	return s.expectList("")
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
