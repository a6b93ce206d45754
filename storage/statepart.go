package storage

import "io"

// StatePart is the bytes of one range, to be read once, by one goroutine, before the
// next step of the loop that yielded it.
type StatePart struct {
	Index int // of the range among those that were asked for

	pipeline *pipeline
	data     []byte
	rest     int64 // comes with the reads that follow
	err      error
}

var _ io.ByteReader = (*StatePart)(nil)

// Len returns how many bytes have not been read.
func (p *StatePart) Len() int64 { return int64(len(p.data)) + p.rest }

// more makes data hold something, if there is more.
func (p *StatePart) more() error {
	if len(p.data) == 0 && p.rest == 0 {
		return io.EOF
	}
	if p.err != nil || len(p.data) > 0 {
		return p.err
	}
	if p.err = p.pipeline.next(); p.err == nil {
		piece := p.pipeline.current.pieces[0]
		p.data, p.rest = p.pipeline.current.data[:piece.length], piece.rest
	}
	return p.err
}

// Read reads bytes of the range; at its end it is [io.EOF].
func (p *StatePart) Read(b []byte) (int, error) {
	if len(b) == 0 {
		return 0, nil
	}
	if err := p.more(); err != nil {
		return 0, err
	}
	n := copy(b, p.data)
	p.data = p.data[n:]
	return n, nil
}

// ReadByte reads one byte.
func (p *StatePart) ReadByte() (byte, error) {
	if err := p.more(); err != nil {
		return 0, err
	}
	b := p.data[0]
	p.data = p.data[1:]
	return b, nil
}

// Bytes reads all that has not been read. The bytes are valid until the next step of
// the loop. They are a view, unless the range is larger than a request: then they
// are gathered, in memory of its size.
func (p *StatePart) Bytes() ([]byte, error) {
	if p.rest == 0 && p.err == nil {
		data := p.data
		p.data = nil
		return data, nil
	}
	data := make([]byte, p.Len())
	_, err := io.ReadFull(p, data)
	return data, err
}

// skip reads the reads that the part has left, which nobody wants.
func (p *StatePart) skip() error {
	for p.rest > 0 && p.err == nil {
		p.data = nil
		_ = p.more()
	}
	return p.err
}
