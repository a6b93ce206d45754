package storagetest

import (
	"bytes"
	"fmt"
	"io"
	"io/fs"

	"github.com/cairnstate/cairn/storage/backend"
)

func uploadChecks() []Check {
	const upload = "upload"
	exclusive, atomic := []backend.Need{backend.ExclusiveCreate}, []backend.Need{backend.AtomicReplace}
	return []Check{
		{Topic: upload, Name: "an upload is the object", run: uploadWhole},
		{Topic: upload, Name: "readers see the old or the new upload", run: uploadReplaces, needs: atomic},
		{Topic: upload, Name: "an exclusive upload has one winner", run: uploadExclusive, needs: exclusive},
		{Topic: upload, Name: "an upload whose source ends early leaves nothing", run: uploadEndsEarly},
		{Topic: upload, Name: "an upload whose source fails leaves nothing", run: uploadFails},
		{Topic: upload, Name: "a context that ends ends the upload", run: contextEndsUpload},
		{Topic: upload, Name: "an upload that returned reads no more", run: uploadReadsNoMore},
	}
}

// upload uploads what is in memory.
func (s *subject) upload(name string, data []byte, opts *backend.CreateOptions) error {
	return s.uploadFrom(name, opts, bytes.NewReader(data), len(data))
}

func (s *subject) uploadFrom(name string, opts *backend.CreateOptions, r io.ReaderAt, size int) error {
	return backend.Upload(s.ctx, s.backend, s.key(name), opts, r, int64(size))
}

// uploadWhole uploads from memory, and from one file twice at once: whoever moves its
// position mixes the two.
func uploadWhole(s *subject) error {
	for seed, size := range []int{0, 7, s.opts.largeSize()} {
		content := noise(16+seed, size)
		names := []string{"file", "file-again", "memory"}
		err := inFile(content, func(file io.ReaderAt) error {
			return each(names, func(name string) error {
				if name == "memory" {
					return s.uploadFrom(name, nil, eager{content}, size)
				}
				return s.uploadFrom(name, nil, file, size)
			})
		})
		for _, name := range names {
			if err == nil {
				err = s.expect(name, content)
			}
		}
		if err == nil {
			err = s.expectList("", names...)
		}
		if err != nil {
			return fmt.Errorf("%d bytes: %w", size, err)
		}
	}
	return nil
}

func uploadReplaces(s *subject) error {
	for seed, size := range []int{s.opts.largeSize(), 7, 0} {
		content := noise(19+seed, size)
		if err := s.upload("object", content, nil); err != nil {
			return err
		}
		if err := s.expect("object", content); err != nil {
			return err
		}
	}
	return s.replaceWhileRead(func(content []byte) error { return s.upload("object", content, nil) })
}

func uploadExclusive(s *subject) error {
	if err := s.keepsWhatExists(s.upload); err != nil {
		return err
	}
	for round := range 3 {
		if err := s.raceUpload(fmt.Sprintf("small-%d", round), 16, 1); err != nil {
			return err
		}
	}
	return s.raceUpload("large", 4, s.opts.largeSize())
}

// raceUpload uploads several objects to one name at once, on several connections.
func (s *subject) raceUpload(name string, uploads, size int) error {
	return s.connected(4, func(others []backend.Backend) error {
		winner, err := oneWinner(uploads, fs.ErrExist, func(i int) error {
			return s.on(others[i%len(others)]).upload(name, contender(i, size), ifAbsent())
		})
		if err != nil {
			return err
		}
		return s.expect(name, contender(winner, size))
	})
}
