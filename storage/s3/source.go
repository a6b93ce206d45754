package s3

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
)

// source is what is to be sent: all of what lies in memory, or a section of what
// the caller has.
type source struct {
	from     io.ReaderAt
	at, size int64
}

// memory is a source that may be sent from where it is.
type memory []byte

func (m memory) ReadAt(p []byte, offset int64) (int, error) {
	n := copy(p, m[offset:])
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}

// inMemory returns the source that data is.
func inMemory(data []byte) source { return source{from: memory(data), size: int64(len(data))} }

// read fills p from offset on, or as much of it as there is left.
func (s source) read(p []byte, offset int64) (int, error) {
	p = p[:min(int64(len(p)), s.size-offset)]
	n, err := s.from.ReadAt(p, s.at+offset)
	if n == len(p) {
		return n, nil
	}
	if err == nil || err == io.EOF { //nolint:errorlint // what wraps it is an error of the source
		err = s.short(offset + int64(n))
	}
	return n, &sourceError{err}
}

func (s source) short(has int64) error {
	return fmt.Errorf("what is to be sent ends at byte %d, and %d were announced: %w", s.at+has, s.at+s.size, io.ErrUnexpectedEOF)
}

// checksum computes the CRC-32C of all of it.
func (s source) checksum(buffer []byte) (uint32, error) {
	sum := uint32(0)
	for offset := int64(0); offset < s.size; {
		n, err := s.read(buffer, offset)
		if err != nil {
			return 0, err
		}
		sum = crc32.Update(sum, castagnoli, buffer[:n])
		offset += int64(n)
	}
	return sum, nil
}

// sha256 computes what a signature says of all of it.
func (s source) sha256() (string, error) {
	sum := sha256.New()
	if _, err := io.Copy(sum, &body{source: s}); err != nil {
		return "", err
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}

// sourceError is an error of what the caller has us send.
type sourceError struct{ err error }

func (e *sourceError) Error() string { return e.err.Error() }

func (e *sourceError) Unwrap() error { return e.err }

func isSourceError(err error) bool {
	_, ok := errors.AsType[*sourceError](err)
	return ok
}
