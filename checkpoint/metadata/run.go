package metadata

import (
	"bytes"
	"slices"
)

// run is a part of the source that is to be written again as it is. It is not
// copied before it ends. What follows it is encoded meanwhile, and becomes part of the
// run if it stands behind it in the source too. So what was not changed is copied
// in few pieces, however many lists it is, and not at all on its way to a writer.
type run struct {
	begin, end int // in the source
	at         int // in the encoder's buffer: the run belongs before what is there
}

// again writes a part of the source: with the run if it continues that, else as
// a new one.
func (e *encoder) again(begin, end int) {
	if between := e.buf[e.run.at:]; e.run.end > 0 && begin-e.run.end == len(between) &&
		bytes.Equal(e.source[e.run.end:begin], between) {
		e.buf, e.run.end = e.buf[:e.run.at], end
		return
	}
	e.settle()
	e.run = run{begin, end, len(e.buf)}
}

// settle puts the run in its place.
func (e *encoder) settle() {
	part, at := e.source[e.run.begin:e.run.end], e.run.at
	switch e.run = (run{}); {
	case len(part) == 0:
	case e.w == nil:
		e.buf = slices.Insert(e.buf, at, part...)
	default:
		e.write(e.buf[:at])
		e.write(part)
		e.buf = append(e.buf[:0], e.buf[at:]...)
	}
}
