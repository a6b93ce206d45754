package storage

import (
	"context"
	"errors"
	"fmt"
	"io/fs"

	"github.com/cairnstate/cairn/storage/backend"
)

// MaxRecordSize is the most that a [Record] holds, in bytes. It is read whole at
// every start and written whole at every change.
const MaxRecordSize = 1 << 20

// ErrRecordTooLarge says that a record is larger than [MaxRecordSize].
var ErrRecordTooLarge = errors.New("record too large")

// Record is a small file in the directory of a job that is only changed by whoever has
// seen what it holds (compare-and-swap). Of any number of coordinators that change it
// at once, in any number of processes, one succeeds, so it can say who leads. It is
// safe for use by many goroutines at once, and remembers nothing.
//
// Where the store has no compare-and-swap ([backend.Limits]) each content is a file of
// its own in a directory beside, numbered, of which exclusive creation lets one be; the
// highest number is the content. The file itself then says so, once and for all, so
// whoever comes by a backend that does swap does as the others.
type Record struct {
	backend backend.Backend
	file    Path
	numbers Path // the directory of numbered contents
}

// RecordVersion tells a content of a record from all others. It is comparable, and
// means nothing but to the record. The zero value is that of a record that is not there.
type RecordVersion struct {
	swapped string // what the backend calls it
	number  int64  // of numbered contents; at least 1
}

// Record returns the record of the name in the directory of the job. It makes no
// request. The name must not be one of Flink's layout.
func (a *CheckpointStorageAccess) Record(name string) *Record {
	dir := a.jobDirectory()
	return &Record{backend: a.backend, file: dir.Child(name), numbers: dir.Child(name + ".d")}
}

// String tells the record in errors and logs.
func (r *Record) String() string { return redact(r.file.String()) }

// Read returns the content and its version. If there is no record the error matches
// [fs.ErrNotExist].
func (r *Record) Read(ctx context.Context) ([]byte, RecordVersion, error) {
	data, version, err := r.read(ctx)
	if err != nil {
		return nil, RecordVersion{}, fmt.Errorf("storage: read record %s: %w", r, err)
	}
	return data, version, nil
}

func (r *Record) read(ctx context.Context) ([]byte, RecordVersion, error) {
	data, info, err := r.load(ctx, r.file)
	if err != nil {
		return nil, RecordVersion{}, err
	}
	if isNumbered(data) {
		return r.readNumbered(ctx)
	}
	return data, RecordVersion{swapped: info.Version}, nil
}

func (r *Record) load(ctx context.Context, p Path) ([]byte, backend.Info, error) {
	stream, err := openStream(ctx, r.backend, p.Key())
	if err != nil {
		return nil, backend.Info{}, err
	}
	defer stream.close() //nolint:errcheck // what was read is whole, however the stream closes
	data, err := stream.read(ctx, MaxRecordSize)
	if errors.Is(err, ErrMetadataTooLarge) {
		err = fmt.Errorf("%w: it has more than %d bytes, so it is not ours", ErrRecordTooLarge, MaxRecordSize)
	}
	return data, stream.reader.Info(), err
}

// Swap makes data the content if the version is old, which is the zero value if there
// is to be no record yet, and returns the new version. If it is another by now the error
// is [backend.ErrChanged], and nothing has changed.
//
// After any other error it may have been made, or may still be: who needs to know,
// reads. It can be tried again with the same old version: one of the tries succeeds at
// most. Every content must be unlike all that were there before, as by a number that
// rises.
func (r *Record) Swap(ctx context.Context, old RecordVersion, data []byte) (RecordVersion, error) {
	version, err := r.swap(ctx, old, data)
	if err != nil {
		return RecordVersion{}, fmt.Errorf("storage: change record %s: %w", r, err)
	}
	return version, nil
}

func (r *Record) swap(ctx context.Context, old RecordVersion, data []byte) (RecordVersion, error) {
	switch {
	case len(data) > MaxRecordSize:
		return RecordVersion{}, fmt.Errorf("%w: it would have %d bytes, %d are allowed", ErrRecordTooLarge, len(data), MaxRecordSize)
	case old.number > 0:
		return r.swapNumbered(ctx, old.number, data)
	case old == RecordVersion{} && backend.LimitsOf(r.backend).NoSwap:
		return r.beginNumbered(ctx, data)
	}
	version, err := backend.Swap(ctx, r.backend, r.file.Key(), old.swapped, data)
	fresh := old == RecordVersion{}
	switch {
	case fresh && errors.Is(err, backend.ErrChanged): // by a mark, maybe, whose maker went no further
		return r.joinNumbered(ctx, data)
	case fresh && errors.Is(err, errors.ErrUnsupported): // as on a network file system
		return r.beginNumbered(ctx, data)
	case errors.Is(err, errors.ErrUnsupported):
		err = fmt.Errorf("it was made where files can be swapped; open the store as whoever made it did: %w", err)
	}
	return RecordVersion{swapped: version}, err
}

// Remove deletes the record if its version is old; else the error is
// [backend.ErrChanged]. It looks and then deletes, so nobody else may change the record
// any more: the last content must say so. Of numbered contents the last one stays, as
// another could begin again at its number.
func (r *Record) Remove(ctx context.Context, old RecordVersion) error {
	_, version, err := r.read(ctx)
	switch {
	case errors.Is(err, fs.ErrNotExist) && old == RecordVersion{}:
		return nil
	case err == nil && version != old || errors.Is(err, fs.ErrNotExist):
		err = backend.ErrChanged
	case err == nil && old.number > 0:
		err = r.removeBefore(ctx, old.number)
	case err == nil:
		err = r.backend.Delete(ctx, r.file.Key())
	}
	if err != nil {
		return fmt.Errorf("storage: remove record %s: %w", r, err)
	}
	return nil
}
