package cdk_test

import (
	"context"
	"io"
	"io/fs"
	"strings"
	"testing"

	"gocloud.dev/blob/driver"

	"github.com/cairnstate/cairn/storage/backend"
)

// reading is a driver that reads, as that of Azure does: in a goroutine, of whose
// end only Close tells. To be written to makes it panic.
type reading struct {
	script
	fail error
	got  *[]byte
}

func (r reading) NewTypedWriter(ctx context.Context, _, _ string, _ *driver.WriterOptions) (driver.Writer, error) {
	return &readingSink{reading: r, ctx: ctx, done: make(chan error, 1)}, nil
}

type readingSink struct {
	reading
	ctx  context.Context
	done chan error
}

func (*readingSink) Write([]byte) (int, error) { panic("written to") }

func (s *readingSink) Upload(r io.Reader) error {
	go func() {
		data := make([]byte, 4)
		n, err := io.ReadFull(r, data)
		if s.fail == nil && n == len(data) {
			var rest []byte
			rest, err = io.ReadAll(r)
			data = append(data, rest...)
		}
		switch {
		case s.fail != nil:
			err = s.fail
		case err == nil:
			err = s.ctx.Err()
		}
		if err == nil {
			*s.got = data
		}
		s.done <- err
	}()
	return nil
}

func (s *readingSink) Close() error { return <-s.done }

func TestUpload(t *testing.T) {
	var got []byte
	b := openAs(t, "abfss", reading{got: &got})
	check(t, write(t.Context(), b, "k", []byte("content"), nil), nil, "")
	if string(got) != "content" {
		t.Errorf("uploaded %q", got)
	}
	got = nil
	w, err := b.Create(t.Context(), "k", nil)
	check(t, err, nil, "")
	_, err = w.Write([]byte("never mind"))
	check(t, err, nil, "")
	check(t, w.Close(), nil, "")
	if got != nil {
		t.Errorf("an abandoned write uploaded %q", got)
	}
}

// A driver that fails while it reads does not keep the writer waiting, and is
// settled as any other.
func TestUploadFails(t *testing.T) {
	var got []byte
	others := func() (*driver.Attributes, error) { return &driver.Attributes{}, nil }
	b := openAs(t, "abfss", reading{script{attributes: others}, precondition, &got})
	w, err := b.Create(t.Context(), "k", &backend.CreateOptions{IfAbsent: true})
	check(t, err, nil, "")
	defer w.Close()
	_, err = w.Write(make([]byte, 1<<20))
	check(t, err, anyError, "condition")
	check(t, w.Commit(), anyError, "condition")
	check(t, write(t.Context(), b, "k", []byte("four"), &backend.CreateOptions{IfAbsent: true}), fs.ErrExist, "exists already")
}

// Azure stores some characters as others, and lists in the order of those.
func TestListIsSorted(t *testing.T) {
	b := openAs(t, "abfss", listing{keys: []string{"p/A", "p/%b", "p/b", "q", "p//"}})
	var keys []string
	for info, err := range b.List(t.Context(), "p") {
		check(t, err, nil, "")
		keys = append(keys, info.Key)
	}
	if got := strings.Join(keys, " "); got != "p/%b p/A p/b" {
		t.Errorf("listed %q", got)
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var last error
	for _, last = range b.List(ctx, "p") {
		cancel()
	}
	check(t, last, context.Canceled, "")
}

// listing is a driver that lists as it likes.
type listing struct {
	script
	keys []string
}

func (l listing) ListPaged(context.Context, *driver.ListOptions) (*driver.ListPage, error) {
	page := new(driver.ListPage)
	for _, key := range l.keys {
		page.Objects = append(page.Objects, &driver.ListObject{Key: key})
	}
	return page, nil
}
