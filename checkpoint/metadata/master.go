package metadata

import "github.com/cairnstate/cairn/checkpoint"

// Master state, of one master hook:
//
//	i32 magic
//	i32 n                     bytes that follow
//	i32 serializer version
//	utf name
//	i32 length, payload       which end where the n bytes do

const (
	masterStateMagic = -0x3694E96A // C96B1696
	masterStateBytes = 18          // at least
)

func (d *decoder) masterStates() []checkpoint.MasterState {
	states := d.mem.masters.slice(d, d.count("master states", masterStateBytes))
	for i := range d.each("master state", len(states)) {
		d.masterState(&states[i])
	}
	return states
}

func (d *decoder) masterState(m *checkpoint.MasterState) {
	if got := d.i32(); got != masterStateMagic {
		d.corrupt("magic %08x, want c96b1696", uint32(got))
	}
	whole := d.data
	end := d.count("bytes", 1) + d.off
	d.data = whole[:end]
	m.Version = d.i32()
	m.Name = d.utf()
	m.Payload = d.bytes32()
	if d.left() > 0 {
		d.corrupt("%d bytes after the payload", d.left())
	}
	d.data = whole
	d.restoreEnd()
}

// restoreEnd puts the rest out of reach again if the decoder has failed while it
// looked at a part of the data.
func (d *decoder) restoreEnd() {
	if d.err != nil {
		d.off = len(d.data)
	}
}

func (e *encoder) masterStates(states []checkpoint.MasterState) {
	e.count(len(states))
	for i := range e.each("master state", len(states)) {
		e.masterState(&states[i])
	}
}

func (e *encoder) masterState(m *checkpoint.MasterState) {
	e.i32(masterStateMagic)
	length := len(e.buf)
	e.i32(0)
	e.i32(m.Version)
	e.utf(m.Name)
	e.bytes32(m.Payload)
	e.patchLength(length)
}
