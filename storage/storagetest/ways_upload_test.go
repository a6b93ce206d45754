package storagetest_test

import (
	"bytes"
	"context"
	"io"
	"io/fs"
	"os"
	"strings"

	"github.com/cairnstate/cairn/storage/backend"
)

// uploadWith breaks what is uploaded, after all of it was read.
func uploadWith(h *hooks, publish func(ctx context.Context, key string, data []byte, opts *backend.CreateOptions) error) {
	h.upload = func(ctx context.Context, key string, opts *backend.CreateOptions, r io.ReaderAt, size int64) error {
		data := make([]byte, size)
		if n, err := r.ReadAt(data, 0); err != nil && int64(n) < size {
			return err
		}
		return publish(ctx, key, data, opts)
	}
}

func uploadWays() map[string]ways {
	return map[string]ways{
		"an upload is the object": {
			"its parts change places": func(h *hooks) {
				uploadWith(h, func(_ context.Context, key string, data []byte, opts *backend.CreateOptions) error {
					half := len(data) / 2
					return publish(h.Backend, key, append(bytes.Clone(data[half:]), data[:half]...), opts)
				})
			},
			"all of the source is sent": func(h *hooks) {
				h.upload = func(_ context.Context, key string, opts *backend.CreateOptions, r io.ReaderAt, _ int64) error {
					data, err := io.ReadAll(io.NewSectionReader(r, 0, 1<<40))
					if err != nil {
						return err
					}
					return publish(h.Backend, key, data, opts)
				}
			},
			"a file is sent from where it stands": func(h *hooks) {
				h.upload = func(ctx context.Context, key string, opts *backend.CreateOptions, r io.ReaderAt, size int64) error {
					file, ok := r.(*os.File)
					if !ok {
						return h.Through.Upload(ctx, key, opts, r, size)
					}
					data, err := io.ReadAll(file)
					if err != nil {
						return err
					}
					return publish(h.Backend, key, data, opts)
				}
			},
			"the end of the source is a failure": func(h *hooks) {
				h.upload = func(_ context.Context, key string, opts *backend.CreateOptions, r io.ReaderAt, size int64) error {
					data := make([]byte, size)
					if _, err := r.ReadAt(data, 0); err != nil {
						return err
					}
					return publish(h.Backend, key, data, opts)
				}
			},
		},
		"readers see the old or the new upload": {
			"the old end stays": func(h *hooks) {
				uploadWith(h, func(_ context.Context, key string, data []byte, opts *backend.CreateOptions) error {
					if old := content(h.Backend, key); len(old) > len(data) {
						data = append(data, old[len(data):]...)
					}
					return publish(h.Backend, key, data, opts)
				})
			},
			"the old one is deleted first": func(h *hooks) {
				missed, uploads := h.whenMissed(), 0
				uploadWith(h, func(ctx context.Context, key string, data []byte, opts *backend.CreateOptions) error {
					if uploads++; uploads > 4 { // those before have no readers
						_ = h.Backend.Delete(ctx, key)
						<-missed // until somebody has seen that it is gone
					}
					return publish(h.Backend, key, data, opts)
				})
			},
		},
		"an exclusive upload has one winner": {
			"IfAbsent is ignored": func(h *hooks) {
				uploadWith(h, func(_ context.Context, key string, data []byte, _ *backend.CreateOptions) error {
					return publish(h.Backend, key, data, nil)
				})
			},
			"it looks, and then publishes": func(h *hooks) {
				all := &meeting{expected: 16}
				uploadWith(h, func(_ context.Context, key string, data []byte, opts *backend.CreateOptions) error {
					if opts != nil && exists(h.Backend, key) {
						return fs.ErrExist
					}
					if strings.Contains(key, "small") {
						all.wait() // for the others to look, too
					}
					return publish(h.Backend, key, data, nil)
				})
			},
			"an upload in parts forgets the condition": func(h *hooks) {
				uploadWith(h, func(_ context.Context, key string, data []byte, opts *backend.CreateOptions) error {
					if len(data) > 8<<20 {
						opts = nil
					}
					return publish(h.Backend, key, data, opts)
				})
			},
		},
	}
}
