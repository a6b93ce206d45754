package metadata

import (
	"encoding/binary"
	"fmt"
	"io"

	"github.com/cairnstate/cairn/checkpoint"
)

// decode reads the frame, trying the early layout of channel state where the
// options leave it open.
func decode(data []byte, opts DecodeOptions) (*File, error) {
	mem := newMemory(len(data))
	f, err := decodeLayout(data, opts, mem, opts.ChannelState == ChannelStateEarly)
	if err == nil || f.Version != Version3 || opts.ChannelState != ChannelStateAuto {
		return f.orNil(err), err
	}
	// Nothing in a file of version 3 tells the two layouts of channel state
	// apart. What is valid in the current one is never read in the other, and
	// what is not must be right in the early one to its very last byte.
	early, earlyErr := decodeLayout(data, opts, mem, true)
	if earlyErr == nil && len(early.Trailing) == 0 {
		return early, nil
	}
	return nil, err
}

func (f *File) orNil(err error) *File {
	if err != nil {
		return nil
	}
	return f
}

// decodeLayout reads the frame with one layout of channel state. The file is
// never nil, and knows its version even if there is an error.
func decodeLayout(data []byte, opts DecodeOptions, mem *memory, early bool) (*File, error) {
	d := &decoder{data: data, mem: mem}
	f := &File{sizeHint: len(data)}
	d.header(f, opts)
	d.early = early && f.Version == Version3
	d.body(&f.Metadata)
	if f.Version >= Version4 {
		f.PropertiesBlob, f.Properties = d.properties()
	}
	f.Trailing = d.bytes(d.left())
	f.EarlyChannelState = d.early
	return f, d.err
}

func (d *decoder) header(f *File, opts DecodeOptions) {
	if d.left() < 4 || binary.BigEndian.Uint32(d.data) != magic {
		start := d.data[:min(8, len(d.data))]
		d.fail(fmt.Errorf("%w: it starts with % x where 49 60 67 2d belongs; give the _metadata file of a checkpoint "+
			"or savepoint (one of Flink 1.0 can only be restored with Flink 1.1)", ErrNotMetadata, start))
		return
	}
	d.off += 4
	version := d.i32()
	if d.err != nil {
		return
	}
	if err := readable(version, opts); err != nil {
		d.off -= 4
		d.fail(err)
		return
	}
	f.Version, f.readVersion, d.version = int(version), int(version), int(version)
}

// body is the part between header and properties.
func (d *decoder) body(m *checkpoint.Metadata) {
	m.CheckpointID = d.i64()
	if m.CheckpointID < 0 {
		d.off -= 8
		d.corrupt("negative checkpoint id %d", m.CheckpointID)
	}
	m.MasterStates = d.masterStates()
	m.Operators = d.operators()
}

func (e *encoder) file(f *File) {
	e.i32(magic)
	e.i32(int32(f.Version))
	if f.CheckpointID < 0 {
		e.fail("negative checkpoint id %d", f.CheckpointID)
	}
	e.i64(f.CheckpointID)
	e.masterStates(f.MasterStates)
	e.operators(f.Operators)
	if f.Version >= Version4 {
		e.properties(f.Properties, f.PropertiesBlob)
	}
	e.bytes(f.Trailing)
	e.flush(0)
}

// newEncoder returns an encoder for the file, if the version can be written.
func newEncoder(f *File, opts EncodeOptions) (*encoder, error) {
	if err := f.writable(opts); err != nil {
		return nil, &Error{Offset: noOffset, Err: err}
	}
	e := &encoder{version: f.Version, early: f.EarlyChannelState && f.Version == Version3}
	if opts.AnchorDir != "" && opts.ExclusiveDir != "" && !sameDir(opts.AnchorDir, opts.ExclusiveDir) {
		e.anchor = opts.AnchorDir
	}
	return e, nil
}

func appendFile(dst []byte, f *File, opts EncodeOptions) ([]byte, error) {
	e, err := newEncoder(f, opts)
	if err != nil {
		return dst, err
	}
	e.buf = dst
	if room := cap(dst) - len(dst); room < f.sizeHint {
		e.buf = append(make([]byte, 0, len(dst)+f.sizeHint), dst...)
	}
	e.file(f)
	if e.err != nil {
		return dst, e.err
	}
	return e.buf, nil
}

func writeFile(w io.Writer, f *File, opts EncodeOptions) error {
	e, err := newEncoder(f, opts)
	if err != nil {
		return err
	}
	e.w, e.buf = w, make([]byte, 0, min(max(f.sizeHint, 512), 2*pieceBytes))
	e.file(f)
	return e.err
}
