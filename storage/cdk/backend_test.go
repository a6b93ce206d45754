package cdk_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"strings"
	"testing"

	"gocloud.dev/blob"
	"gocloud.dev/blob/driver"
	"gocloud.dev/blob/memblob"
	"gocloud.dev/gcerrors"

	"github.com/cairnstate/cairn/storage/backend"
	"github.com/cairnstate/cairn/storage/cdk"
)

var (
	notFound     = coded{gcerrors.NotFound, "not found"}
	precondition = coded{gcerrors.FailedPrecondition, "condition"}
	denied       = coded{gcerrors.PermissionDenied, "denied"}
	unknown      = coded{gcerrors.Unknown, "HTTP 500"}
)

// Whatever a driver says of a publication, Commit says what is true.
func TestCommitSettles(t *testing.T) {
	const mine, others = "mine", "others"
	for name, test := range map[string]struct {
		commit   error
		there    string // whose object is there
		headFail error
		want     error
		says     string
	}{
		"plain":                {},
		"taken":                {commit: precondition, there: others, want: fs.ErrExist, says: "exists already"},
		"own success, refused": {commit: precondition, there: mine},
		"own success, lost":    {commit: unknown, there: mine},
		"never arrived":        {commit: unknown, want: anyError, says: "HTTP 500"},
		"denied":               {commit: denied, want: fs.ErrPermission, says: "access denied"},
		"existed, now gone":    {commit: precondition, want: fs.ErrExist, says: "gone now"},
		"in doubt":             {commit: precondition, headFail: denied, want: anyError, says: "could not be found out"},
	} {
		t.Run(name, func(t *testing.T) {
			var token map[string]string
			b := open(t, script{
				commit: func(metadata map[string]string) error { token = metadata; return test.commit },
				attributes: func() (*driver.Attributes, error) {
					switch {
					case test.headFail != nil:
						return nil, test.headFail
					case test.there == mine:
						return &driver.Attributes{Metadata: token}, nil
					case test.there == others:
						return &driver.Attributes{}, nil
					}
					return nil, notFound
				},
			})
			err := write(t.Context(), b, "k", nil, &backend.CreateOptions{IfAbsent: true})
			check(t, err, test.want, test.says)
			if !errors.Is(test.want, fs.ErrExist) && errors.Is(err, fs.ErrExist) {
				t.Errorf("took its own doubt for another's object: %v", err)
			}
		})
	}
}

// Closing is abandoning, whatever gocloud thinks of it.
func TestCloseAbandons(t *testing.T) {
	b := open(t, script{commit: func(map[string]string) error { t.Error("committed"); return nil }})
	w, err := b.Create(t.Context(), "k", nil)
	check(t, err, nil, "")
	_, err = w.Write([]byte("x"))
	check(t, err, nil, "")
	check(t, w.Close(), nil, "")
	check(t, w.Close(), nil, "")
	check(t, w.Commit(), fs.ErrClosed, "")
}

// After a Write that failed there is a hole, and nothing with a hole is committed.
func TestHoleIsNotCommitted(t *testing.T) {
	b := open(t, script{write: denied, commit: func(map[string]string) error { t.Error("committed"); return nil }})
	w, err := b.Create(t.Context(), "k", nil)
	check(t, err, nil, "")
	defer w.Close()
	_, err = w.Write([]byte("x"))
	check(t, err, fs.ErrPermission, "")
	check(t, w.Commit(), fs.ErrPermission, "")
}

// A driver that takes a range of nothing for a mistake is asked for the size; any
// other mistake stays one.
func TestOpenBeyondEnd(t *testing.T) {
	invalid := coded{gcerrors.InvalidArgument, "InvalidRange"}
	b := open(t, script{
		open:       func(int64, int64) (driver.Reader, error) { return nil, invalid },
		attributes: func() (*driver.Attributes, error) { return &driver.Attributes{Size: 4}, nil },
	})
	r, err := b.Open(t.Context(), "k", &backend.OpenOptions{Offset: 4, Length: 1})
	check(t, err, nil, "")
	defer r.Close()
	if r.Info().Size != 4 {
		t.Errorf("info %+v", r.Info())
	}
	_, err = b.Open(t.Context(), "k", &backend.OpenOptions{Offset: 3})
	check(t, err, anyError, "InvalidRange")
	_, err = b.Open(t.Context(), "k", nil)
	check(t, err, anyError, "InvalidRange")
}

// A body that ends early is no whole object.
func TestShortBody(t *testing.T) {
	b := open(t, script{open: func(int64, int64) (driver.Reader, error) { return body{strings.NewReader("abc"), 10}, nil }})
	_, err := readAll(t.Context(), b, "k", nil)
	check(t, err, anyError, `kept: read "k" in kept://c: unexpected EOF`)
}

// What is not there is deleted already; what may not be deleted is not.
func TestDelete(t *testing.T) {
	b := open(t, script{remove: func() error { return notFound }})
	check(t, b.Delete(t.Context(), "k"), nil, "")
	b = open(t, script{remove: func() error { return denied }})
	check(t, b.Delete(t.Context(), "k"), fs.ErrPermission, `kept: delete "k" in kept://c: access denied`)
	check(t, b.Delete(t.Context(), "/k"), fs.ErrInvalid, "")
}

// Azure is asked with the signature in the URL, which net/http repeats in errors.
func TestNoSecretInErrors(t *testing.T) {
	transport := &url.Error{Op: "Put", URL: "https://user:hunter2@acc.blob.core.windows.net/c/k?sv=2022&sig=hunter2%3D", Err: errors.New("reset")}
	b := open(t, script{
		attributes: func() (*driver.Attributes, error) { return nil, transport },
		commit:     func(map[string]string) error { return fmt.Errorf("upload: %w", transport) },
		remove:     func() error { return transport },
	})
	_, statErr := b.Stat(t.Context(), "k")
	for _, err := range []error{statErr, b.Delete(t.Context(), "k"), write(t.Context(), b, "k", nil, nil)} {
		check(t, err, anyError, "acc.blob.core.windows.net/c/k?…")
		if strings.Contains(err.Error(), "hunter2") {
			t.Errorf("a secret in %v", err)
		}
	}
}

// failing is a driver's opener that repeats the location, as most do.
type failing struct{}

func (failing) OpenBucketURL(_ context.Context, u *url.URL) (*blob.Bucket, error) {
	return nil, fmt.Errorf("open bucket %v: bad key %q, %s", u, u.Query().Get("key2"), u.Query().Get("key2"))
}

func TestOpener(t *testing.T) {
	var mux blob.URLMux
	mux.RegisterBucket("mem", &memblob.URLOpener{})
	mux.RegisterBucket("bad", failing{})
	open := cdk.Opener(&mux)
	b, err := open(t.Context(), backend.Root{Scheme: "mem", Authority: "demo", Params: url.Values{"nomd5": {""}}})
	check(t, err, nil, "")
	check(t, write(t.Context(), b, "k", nil, nil), nil, "")
	check(t, b.Close(), nil, "")
	for want, root := range map[string]backend.Root{
		"mem: configure in mem://demo: open bucket mem://demo: invalid query parameter":             {Scheme: "mem", Authority: "demo", Params: url.Values{"nomd6": {"hunter2"}}},
		"bad: configure in bad://demo: open bucket bad://demo: bad key \"…\", …":                    {Scheme: "bad", Authority: "demo", Params: url.Values{"key2": {`hunter2/"\ü`}}},
		"azblob: configure in azblob://demo: open blob.Bucket: no driver registered for \"azblob\"": {Scheme: "azblob", Authority: "demo"},
		"mem: configure: credentials in a location are refused":                                     {Scheme: "mem", Authority: "k:hunter2@demo"},
	} {
		_, err := open(t.Context(), root)
		check(t, err, anyError, want)
		if strings.Contains(err.Error(), "hunter2") {
			t.Errorf("a secret in %v", err)
		}
	}
}
