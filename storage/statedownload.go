package storage

import (
	"context"
	"fmt"
	"io"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/storage/backend"
)

// StateDownloader is a location that brings a handle's bytes into a file better than a
// stream does. The locations of [BackendStorage] are.
type StateDownloader interface {
	// DownloadState reads the bytes of the handle into w, as [DownloadState] says.
	DownloadState(ctx context.Context, handle checkpoint.StreamStateHandle, w io.WriterAt) (int64, error)
}

// DownloadState reads the bytes of a handle into w, which is a file, as an embedded
// database wants them, or memory: the first byte at offset 0. It returns how many there
// are. Where the store can, they come in several ranges at once, all of one version of
// the file ([backend.Download]); then w is written to from several goroutines, and more
// than once at an offset if something was tried again. At a location that is no
// [StateDownloader] they come as the stream of OpenState.
//
// The handle means what it means to OpenState. If fewer bytes come than the metadata
// says, or not all of them, the error is [ErrTruncated]. After an error w holds anything.
//
// At a location of a [BackendStorage] a download is one of [Options.StateRequests]: the
// rest of many queue, so w must not wait for other readers of the storage.
func DownloadState(ctx context.Context, at CompletedCheckpointStorageLocation, handle checkpoint.StreamStateHandle, w io.WriterAt) (int64, error) {
	if downloader, ok := at.(StateDownloader); ok {
		return downloader.DownloadState(ctx, handle, w)
	}
	state, err := at.OpenState(ctx, handle)
	if err != nil {
		return 0, err
	}
	defer state.Close()
	n, err := io.Copy(io.NewOffsetWriter(w, 0), state)
	if err != nil {
		return 0, fmt.Errorf("storage: download state of %s: %w", redact(at.ExternalPointer()), err)
	}
	return n, nil
}

// DownloadState reads all bytes of the handle into w.
func (l *location) DownloadState(ctx context.Context, handle checkpoint.StreamStateHandle, w io.WriterAt) (int64, error) {
	e, err := l.locate(handle)
	if err == nil && !e.isFile {
		_, err = w.WriteAt(e.inline, 0)
	}
	if err != nil {
		return 0, fmt.Errorf("storage: download state of %s: %w", l, err)
	}
	if !e.isFile {
		return int64(len(e.inline)), nil
	}
	n, err := l.downloadExtent(ctx, e, w)
	if err != nil {
		return 0, fmt.Errorf("storage: download state %q of %s: %w", redact(e.path.String()), l, err)
	}
	return n, nil
}

func (l *location) downloadExtent(ctx context.Context, e extent, w io.WriterAt) (int64, error) {
	opts, want := e.cut(0, 0)
	if !e.toEnd && want == 0 { // a range of no bytes cannot be asked for
		return 0, l.mayRead(e.path)
	}
	if err := l.storage.requests.Acquire(ctx, 1); err != nil {
		return 0, context.Cause(ctx)
	}
	defer l.storage.requests.Release(1)
	var came *arrivals
	var file backend.Info
	err := l.readAllowed(ctx, e.path, opts, func(b backend.Backend, opts *backend.OpenOptions) (err error) {
		came = &arrivals{to: w}
		file, err = backend.Download(ctx, b, e.path.Key(), opts, came)
		return err
	})
	if err != nil {
		return 0, err
	}
	return came.whole(), e.check(came, file)
}

// check returns [ErrTruncated] if not all of the extent came.
func (e extent) check(came *arrivals, file backend.Info) error {
	want := file.Size // of the whole file, if the metadata tells nothing better
	if e.sizeIsExact() {
		if err := e.fitsInto(file); err != nil {
			return err
		}
		want = e.size
	}
	want = max(want, came.end())
	if n := came.whole(); n < want {
		return fmt.Errorf("%w: of %d bytes no more than the first %d came without a gap: %w", ErrTruncated, want, n, io.ErrUnexpectedEOF)
	}
	return nil
}
