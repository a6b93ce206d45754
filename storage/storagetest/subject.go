package storagetest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/cairnstate/cairn/storage/backend"
)

// subject is a backend under check, in a directory of its own. Names of objects
// are relative to the directory.
type subject struct {
	ctx     context.Context
	backend backend.Backend
	opts    *Options
	dir     string // in opts.Below
}

func (s *subject) key(name string) string { return path.Join(s.dir, name) }

// with returns the subject under another context.
func (s *subject) with(ctx context.Context) *subject {
	other := *s
	other.ctx = ctx
	return &other
}

// on returns the subject through another connection.
func (s *subject) on(b backend.Backend) *subject {
	other := *s
	other.backend = b
	return &other
}

func (s *subject) put(name string, data []byte) error {
	return s.write(name, data, nil)
}

func (s *subject) write(name string, data []byte, opts *backend.CreateOptions) error {
	w, err := s.backend.Create(s.ctx, s.key(name), opts)
	if err != nil {
		return named("Create", err)
	}
	defer w.Close()
	if _, err := w.Write(data); err != nil {
		return named("Write", err)
	}
	return named("Commit", w.Commit())
}

// named adds the verb to an error that does not tell it, as those of a backend that
// is not finished.
func named(verb string, err error) error {
	if _, told := errors.AsType[*backend.Error](err); told || err == nil {
		return err
	}
	return fmt.Errorf("%s: %w", verb, err)
}

func (s *subject) putAll(names ...string) error {
	for _, name := range names {
		if err := s.put(name, []byte(name)); err != nil {
			return err
		}
	}
	return nil
}

func (s *subject) get(name string, opts *backend.OpenOptions) ([]byte, backend.Info, error) {
	r, err := s.backend.Open(s.ctx, s.key(name), opts)
	if err != nil {
		return nil, backend.Info{}, named("Open", err)
	}
	defer r.Close()
	data, err := io.ReadAll(r)
	return data, r.Info(), named("Read", err)
}

// expect checks what is in an object.
func (s *subject) expect(name string, want []byte) error {
	got, info, err := s.get(name, nil)
	if err != nil {
		return fmt.Errorf("reading back: %w", err)
	}
	if !bytes.Equal(got, want) {
		return fmt.Errorf("%q holds %s, want %s", name, brief(got), brief(want))
	}
	return expectInfo("Reader.Info", info, s.key(name), len(want))
}

func expectInfo(who string, info backend.Info, key string, size int) error {
	if info.Key != key || info.Size != int64(size) {
		return fmt.Errorf("%s tells key %q and size %d, want %q and %d", who, info.Key, info.Size, key, size)
	}
	return nil
}

// expectAbsent checks by all verbs that there is no such object.
func (s *subject) expectAbsent(name string) error {
	if _, _, err := s.get(name, nil); !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("opening absent %q gives %s, want fs.ErrNotExist", name, told(err))
	}
	if _, err := s.backend.Stat(s.ctx, s.key(name)); !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("asking for absent %q gives %s, want fs.ErrNotExist", name, told(err))
	}
	names, err := s.list("")
	if err == nil && slices.Contains(names, name) && !backend.LimitsOf(s.backend).NoListAfterWrite {
		err = fmt.Errorf("listing shows %q, which is absent", name)
	}
	return err
}

// list returns the names below a directory, in the order in which they come.
func (s *subject) list(below string) ([]string, error) {
	prefix := strings.TrimSuffix(s.key(below), "/")
	var names []string
	for info, err := range s.backend.List(s.ctx, prefix) {
		if err != nil {
			return names, named("List", err)
		}
		names = append(names, s.name(info.Key))
	}
	return names, nil
}

// expectList checks what is below a directory, and its order. Of a store whose
// listings come late nobody can expect any.
func (s *subject) expectList(below string, want ...string) error {
	if backend.LimitsOf(s.backend).NoListAfterWrite {
		return nil
	}
	got, err := s.list(below)
	if err != nil {
		return err
	}
	if !slices.Equal(got, want) {
		return fmt.Errorf("listing below %q gives %q, want %q", below, got, want)
	}
	return nil
}

func brief(data []byte) string {
	if len(data) > 40 {
		return fmt.Sprintf("%d bytes", len(data))
	}
	return fmt.Sprintf("%q", data)
}

// told returns what an error says, or that there is none.
func told(err error) string {
	if err == nil {
		return "no error"
	}
	return err.Error()
}

// name returns the name of a key, which is relative to the directory.
func (s *subject) name(key string) string { return strings.TrimPrefix(key, s.dir+"/") }
