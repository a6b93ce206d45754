package storagetest_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"maps"
	"sync"

	"github.com/cairnstate/cairn/storage/backend"
)

// ways are ways to break a promise: how, in words, and how to do it.
type ways map[string]func(*hooks)

// brokenBackends returns for each check the ways in which it is proven. Each is a
// mistake that some store or client has been seen to make.
func brokenBackends() map[string]ways {
	all := make(map[string]ways)
	for _, some := range []map[string]ways{
		objectWays(), keyWays(), errorWays(), deleteWays(), writeWays(), replaceWays(), exclusiveWays(),
		readWays(), versionWays(), listWays(), cancelWays(), loadWays(), batchWays(), copyWays(), downloadWays(), uploadWays(), uploadFailWays(),
		swapWays(), locateWays(), limitWays(),
	} {
		maps.Copy(all, some)
	}
	return all
}

// commitWith breaks what Commit does.
func commitWith(h *hooks, commit func(key string, data []byte, opts *backend.CreateOptions) error) {
	h.create = func(_ context.Context, key string, opts *backend.CreateOptions) (backend.Writer, error) {
		return &fakeWriter{commit: func(data []byte) error { return commit(key, data, opts) }}, nil
	}
}

// renaming breaks what keys mean.
func renaming(h *hooks, rename func(string) string) {
	good := h.Backend
	h.open = func(ctx context.Context, key string, opts *backend.OpenOptions) (backend.Reader, error) {
		return good.Open(ctx, rename(key), opts)
	}
	h.create = func(ctx context.Context, key string, opts *backend.CreateOptions) (backend.Writer, error) {
		return good.Create(ctx, rename(key), opts)
	}
	h.delete = func(ctx context.Context, key string) error { return good.Delete(ctx, rename(key)) }
}

// withoutContext breaks what a done context does.
func withoutContext(h *hooks) {
	good := h.Backend
	h.create = func(ctx context.Context, key string, opts *backend.CreateOptions) (backend.Writer, error) {
		return good.Create(context.WithoutCancel(ctx), key, opts)
	}
	h.delete = func(ctx context.Context, key string) error { return good.Delete(context.WithoutCancel(ctx), key) }
}

func exists(b backend.Backend, key string) bool {
	_, err := b.Stat(context.Background(), key)
	return err == nil
}

func content(b backend.Backend, key string) []byte {
	r, err := b.Open(context.Background(), key, nil)
	if err != nil {
		return nil
	}
	defer r.Close()
	data, _ := io.ReadAll(r)
	return data
}

type errReader struct{ err error }

func (r errReader) Read([]byte) (int, error) { return 0, r.err }

// sized tells another size than the object has.
type sized struct {
	backend.Reader
	size int64
}

func (s sized) Info() backend.Info {
	info := s.Reader.Info()
	info.Size = s.size
	return info
}

// undoing undoes at Close, committed or not.
type undoing struct {
	backend.Writer
	undo func() error
}

func (u undoing) Close() error { return errors.Join(u.Writer.Close(), u.undo()) }

// sharing writes to what others write to, too.
type sharing struct {
	mu     *sync.Mutex
	shared *bytes.Buffer
	commit func([]byte) error
}

func (s sharing) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.shared.Write(p)
}

func (s sharing) Commit() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.commit(bytes.Clone(s.shared.Bytes()))
}

func (s sharing) Close() error { return nil }
