package metadata

import (
	"encoding/binary"
	"fmt"
	"io"

	"github.com/cairnstate/cairn/checkpoint"
)

// decode reads the frame, in the first layout that fits.
func decode(data []byte, opts DecodeOptions) (*File, error) {
	mem := newMemory(len(data))
	layouts := opts.layouts()
	f, err := decodeLayout(data, opts, mem, layouts[0])
	if err == nil {
		return f, nil
	}
	if f.Version == Version3 {
		for _, other := range layouts[1:] {
			// What is valid in the current layout is never read in another, and
			// what is not must be right in the other to its very last byte.
			if f, err := decodeLayout(data, opts, mem, other); err == nil && len(f.Trailing) == 0 {
				return f, nil
			}
		}
	}
	return nil, err
}

// decodeLayout reads the frame in one layout. The file is never nil, and knows
// its version even if there is an error.
func decodeLayout(data []byte, opts DecodeOptions, mem *memory, l layout) (*File, error) {
	d := &decoder{data: data, mem: mem}
	f := &File{source: data}
	d.header(f, opts)
	if f.Version == Version3 {
		d.layout = l
	}
	d.body(&f.Metadata)
	if f.Version >= Version4 {
		f.PropertiesBlob, f.Properties = d.properties()
	}
	f.Trailing = d.bytes(d.left())
	f.EarlyChannelState, f.EarlyChangelog = d.earlyChannels, d.earlyChangelog
	return f, d.err
}

func (d *decoder) header(f *File, opts DecodeOptions) {
	if d.left() == 0 {
		d.fail(fmt.Errorf("%w: the file is empty: whoever wrote or copied it did not finish", ErrNotMetadata))
		return
	}
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
	e.settle()
	e.flush(0)
}

// newEncoder returns an encoder for the file, if the version can be written.
func newEncoder(f *File, opts EncodeOptions) (*encoder, error) {
	if err := f.writable(opts); err != nil {
		return nil, &Error{Offset: noOffset, Err: err}
	}
	e := &encoder{version: f.Version, source: f.source, made: f.readVersion == 0}
	if f.Version == Version3 {
		e.layout = layout{f.EarlyChannelState, f.EarlyChangelog}
	}
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
	if spare := cap(dst) - len(dst); spare == 0 || spare < len(f.source) {
		e.buf = append(make([]byte, 0, len(dst)+f.room()), dst...)
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
	e.w, e.buf = w, make([]byte, 0, firstPiece)
	e.file(f)
	return e.err
}
