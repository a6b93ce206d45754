package filesink

import (
	"context"

	"github.com/cairnstate/cairn/storage/backend"
)

// file is a file that is being written: a transaction.
type file[In any] struct {
	name   Name
	encode func(to []byte, record In) ([]byte, error)
	writer backend.Writer
	record []byte // used again
}

// Write appends the bytes of the record.
func (f *file[In]) Write(_ context.Context, record In) (err error) {
	if f.record, err = f.encode(f.record[:0], record); err != nil {
		return err
	}
	_, err = f.writer.Write(f.record)
	return err
}

// Prepare makes the file durable, under its pending name.
func (f *file[In]) Prepare(context.Context) (Name, error) {
	defer f.writer.Close()
	return f.name, f.writer.Commit()
}

// Close abandons the file, unless it is prepared.
func (f *file[In]) Close() error { return f.writer.Close() }
