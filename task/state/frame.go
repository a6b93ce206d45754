package state

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
)

// frameMagic begins a frame of the first version of the format.
const frameMagic = 0xC1

// castagnoli is a table that never changes.
var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// ErrDamaged says that state is not what was written.
var ErrDamaged = errors.New("state is damaged")

// appendFrame appends the body in a frame: whoever finds its beginning finds its end.
func appendFrame(to, body []byte) []byte {
	to = append(to, frameMagic)
	to = appendString(to, body)
	return binary.LittleEndian.AppendUint32(to, crc32.Checksum(body, castagnoli))
}

// readFrame returns the body of the frame that begins here, in memory of its own, which
// grows only as bytes come: a damaged length costs nothing.
func readFrame(r *bufio.Reader) ([]byte, error) {
	if magic, err := r.ReadByte(); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrDamaged, noEnd(err))
	} else if magic != frameMagic {
		return nil, fmt.Errorf("%w: a frame begins with %#x instead of %#x", ErrDamaged, magic, frameMagic)
	}
	size, err := binary.ReadUvarint(r)
	if err != nil || size > maxFrame {
		return nil, fmt.Errorf("%w: a frame of %d bytes: %w", ErrDamaged, size, noEnd(err))
	}
	body, err := io.ReadAll(io.LimitReader(r, int64(size)))
	if err == nil && uint64(len(body)) < size {
		err = io.ErrUnexpectedEOF
	}
	var sum [4]byte
	if err == nil {
		_, err = io.ReadFull(r, sum[:])
	}
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrDamaged, noEnd(err))
	}
	if want := binary.LittleEndian.Uint32(sum[:]); crc32.Checksum(body, castagnoli) != want {
		return nil, fmt.Errorf("%w: the checksum of %d bytes is wrong", ErrDamaged, size)
	}
	return body, nil
}

// maxFrame bounds what a length is believed: one key group, or one element.
const maxFrame = 1 << 40

// noEnd makes an end that comes too early an error that says so.
func noEnd(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}

// appendString appends bytes with their length before them.
func appendString(to, s []byte) []byte {
	return append(binary.AppendUvarint(to, uint64(len(s))), s...)
}

// takeString cuts off what appendString appended. It is a view.
func takeString(rest *[]byte) ([]byte, error) {
	size, err := takeNumber(rest)
	if err != nil {
		return nil, err
	}
	if size > uint64(len(*rest)) {
		return nil, fmt.Errorf("%w: %d bytes where %d are left", ErrDamaged, size, len(*rest))
	}
	s := (*rest)[:size]
	*rest = (*rest)[size:]
	return s, nil
}

func takeNumber(rest *[]byte) (uint64, error) {
	number, n := binary.Uvarint(*rest)
	if n <= 0 {
		return 0, fmt.Errorf("%w: no number where one must be", ErrDamaged)
	}
	*rest = (*rest)[n:]
	return number, nil
}
