package around

import (
	"github.com/cairnstate/cairn/storage/backend"
)

// writer hooks the calls of a writer.
type writer struct {
	hook   Hook
	within backend.Writer
	stream Stream
	call   Call
	write  func() error
	done   bool // it was committed, or abandoned, and the caller was told so
}

func newWriter(hook Hook, within backend.Writer, created *Call) *writer {
	w := &writer{hook: hook, within: within, stream: Stream{Open: *created}}
	w.write = func() error {
		n, err := w.within.Write(w.call.Data)
		w.call.N += int64(n)
		return err
	}
	return w
}

func (w *writer) Write(p []byte) (int, error) {
	w.call = w.stream.call(Write)
	w.call.Data = p
	err := w.hook(&w.call, w.write)
	w.stream.after(&w.call, err)
	return int(w.call.N), err
}

func (w *writer) Commit() error {
	w.call = w.stream.call(Commit)
	err := w.hook(&w.call, w.within.Commit)
	w.stream.after(&w.call, err)
	w.done = w.done || err == nil
	return err
}

// Close is no abort once Commit said that the object is there, or Close that it is
// not. After a Commit that failed it is one: it cleans up.
func (w *writer) Close() error {
	if w.done {
		return w.within.Close()
	}
	w.call = w.stream.call(Abort)
	err := w.hook(&w.call, w.within.Close)
	w.done = err == nil
	return err
}
