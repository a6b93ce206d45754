package storagetest_test

import (
	"context"
	"errors"
	"io"
	"sync/atomic"

	"github.com/cairnstate/cairn/storage/backend"
)

// partly breaks what becomes of an upload of which not all could be read.
func partly(h *hooks, publish func(key string, data []byte, failed error) error) {
	h.upload = func(ctx context.Context, key string, opts *backend.CreateOptions, r io.ReaderAt, size int64) error {
		data, err := io.ReadAll(io.NewSectionReader(r, 0, size))
		if err == nil && int64(len(data)) == size {
			return h.Through.Upload(ctx, key, opts, r, size)
		}
		return publish(key, data, err)
	}
}

func uploadFailWays() map[string]ways {
	return map[string]ways{
		"an upload whose source ends early leaves nothing": {
			"what came is the object": func(h *hooks) {
				partly(h, func(key string, data []byte, _ error) error { return publish(h.Backend, key, data, nil) })
			},
			"what came is there, whatever is told": func(h *hooks) {
				partly(h, func(key string, data []byte, _ error) error {
					return errors.Join(publish(h.Backend, key, data, nil), io.ErrUnexpectedEOF)
				})
			},
			"it is told as an end": func(h *hooks) {
				partly(h, func(string, []byte, error) error { return io.EOF })
			},
		},
		"an upload whose source fails leaves nothing": {
			"what came is there, whatever is told": func(h *hooks) {
				partly(h, func(key string, data []byte, failed error) error {
					return errors.Join(publish(h.Backend, key, data, nil), failed)
				})
			},
			"it fails in its own words": func(h *hooks) {
				partly(h, func(string, []byte, error) error { return errors.New("the connection was closed while sending") })
			},
			"a part stays where no listing shows it": func(h *hooks) {
				var parts atomic.Int64
				h.opts.Leftovers = func(context.Context, string) ([]string, error) {
					return make([]string, parts.Load()), nil
				}
				partly(h, func(_ string, data []byte, failed error) error {
					parts.Add(int64(len(data) >> 20))
					return failed
				})
			},
		},
		"a context that ends ends the upload": {
			"nobody looks at it": func(h *hooks) {
				h.upload = func(ctx context.Context, key string, opts *backend.CreateOptions, r io.ReaderAt, size int64) error {
					return h.Through.Upload(context.WithoutCancel(ctx), key, opts, r, size)
				}
			},
			"it is looked at, and the object is there": func(h *hooks) {
				h.upload = func(ctx context.Context, key string, opts *backend.CreateOptions, r io.ReaderAt, size int64) error {
					return errors.Join(h.Through.Upload(context.WithoutCancel(ctx), key, opts, r, size), ctx.Err())
				}
			},
		},
		"an upload that returned reads no more": {
			"it reads ahead, and leaves that behind": func(h *hooks) { readsLate(h, func(error) bool { return true }) },
			"nobody waits for the other parts":       func(h *hooks) { readsLate(h, func(err error) bool { return err != nil }) },
		},
	}
}

// readsLate leaves somebody behind who reads, if the upload ended so. He is done before
// anything is opened.
func readsLate(h *hooks, when func(error) bool) {
	good, done := h.Backend, make(chan struct{})
	close(done)
	h.upload = func(ctx context.Context, key string, opts *backend.CreateOptions, r io.ReaderAt, size int64) error {
		err := h.Through.Upload(ctx, key, opts, r, size)
		if when(err) {
			reads := make(chan struct{})
			done = reads
			go func() {
				defer close(reads)
				_, _ = r.ReadAt(make([]byte, 1), 0)
			}()
		}
		return err
	}
	h.open = func(ctx context.Context, key string, opts *backend.OpenOptions) (backend.Reader, error) {
		<-done
		return good.Open(ctx, key, opts)
	}
}
