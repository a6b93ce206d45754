package cdk_test

import (
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"strings"
	"syscall"
	"testing"
	"time"

	"gocloud.dev/blob"
	"gocloud.dev/blob/driver"
	"gocloud.dev/blob/fileblob"
	"gocloud.dev/blob/memblob"
	"gocloud.dev/gcerrors"

	"github.com/cairnstate/cairn/storage/backend"
	"github.com/cairnstate/cairn/storage/cdk"
)

// What a driver cannot promise is declared.
func TestLimits(t *testing.T) {
	for scheme, lacks := range map[string]string{
		"mem": "durability", "file": "exclusive creation, no durability", "s3": "", "gs": "", "azblob": "", "abfss": "", "other": "",
	} {
		b := cdk.New(memblob.OpenBucket(nil), backend.Root{Scheme: scheme})
		defer b.Close()
		err := backend.Require(b, backend.ExclusiveCreate, backend.AtomicReplace, backend.ListAfterWrite, backend.Durability, backend.Writing)
		if lacks == "" {
			check(t, err, nil, "")
			continue
		}
		check(t, err, backend.ErrLimited, "it has no "+lacks)
	}
	check(t, backend.Require(openMem(t), backend.Swapping), backend.ErrLimited, "")
}

func TestCopy(t *testing.T) {
	b, exclusive := openMem(t), &backend.CreateOptions{IfAbsent: true}
	check(t, write(t.Context(), b, "from", []byte("content"), nil), nil, "")
	check(t, b.Copy(t.Context(), "from", "to", nil), nil, "")
	if got, err := readAll(t.Context(), b, "to", nil); string(got) != "content" || err != nil {
		t.Errorf("the copy holds %q, %v", got, err)
	}
	check(t, b.Copy(t.Context(), "from", "to", exclusive), errors.ErrUnsupported, "")
	check(t, backend.Copy(t.Context(), b, "from", "to", exclusive), fs.ErrExist, "")
	check(t, b.Copy(t.Context(), "absent", "to", nil), fs.ErrNotExist, "")
	check(t, b.Copy(t.Context(), "a", "../to", nil), fs.ErrInvalid, "")
	azure := cdk.New(memblob.OpenBucket(nil), backend.Root{Scheme: "abfss"})
	defer azure.Close()
	check(t, azure.Copy(t.Context(), "from", "to", nil), errors.ErrUnsupported, "")
}

func TestLocate(t *testing.T) {
	_, err := openMem(t).Locate(t.Context(), "k", time.Minute)
	check(t, err, errors.ErrUnsupported, "")
	base, err := url.Parse("https://files.example/get")
	check(t, err, nil, "")
	bucket, err := fileblob.OpenBucket(t.TempDir(), &fileblob.Options{URLSigner: fileblob.NewURLSignerHMAC(base, []byte("key"))})
	check(t, err, nil, "")
	b := cdk.New(bucket, backend.Root{Scheme: "file"})
	defer b.Close()
	at, err := b.Locate(t.Context(), "a b", time.Minute)
	check(t, err, nil, "")
	if at.Host != "files.example" || at.Query().Get("obj") != "a b" {
		t.Errorf("located at %v", at)
	}
	_, err = b.Locate(t.Context(), "k", 0)
	check(t, err, fs.ErrInvalid, "")
}

func TestVersions(t *testing.T) {
	b := openMem(t)
	check(t, write(t.Context(), b, "k", []byte("first"), nil), nil, "")
	first, err := b.Stat(t.Context(), "k")
	check(t, err, nil, "")
	if got, err := readAll(t.Context(), b, "k", &backend.OpenOptions{Version: first.Version, Offset: 1}); string(got) != "irst" || err != nil {
		t.Errorf("read %q, %v", got, err)
	}
	check(t, write(t.Context(), b, "k", []byte("other"), nil), nil, "")
	_, err = b.Open(t.Context(), "k", &backend.OpenOptions{Version: first.Version})
	check(t, err, backend.ErrChanged, "")
	_, err = b.Open(t.Context(), "absent", &backend.OpenOptions{Version: first.Version})
	check(t, err, fs.ErrNotExist, "")
}

// What is replaced between looking and opening is noticed.
func TestVersionReplacedMeanwhile(t *testing.T) {
	looks := 0
	b := open(t, script{
		attributes: func() (*driver.Attributes, error) { looks++; return &driver.Attributes{ETag: fmt.Sprint(looks)}, nil },
		open:       func(int64, int64) (driver.Reader, error) { return body{strings.NewReader("abc"), 3}, nil },
	})
	_, err := b.Open(t.Context(), "k", &backend.OpenOptions{Version: "1"})
	check(t, err, backend.ErrChanged, "")
}

// What errors mean beyond the codes of gocloud.
func TestKinds(t *testing.T) {
	for _, test := range []struct {
		err                          error
		says                         string
		absent, throttled, transient bool
	}{
		{err: notFound, says: "no such object", absent: true},
		{err: coded{gcerrors.NotFound, "ERROR CODE: ContainerNotFound"}, says: "no such bucket or container"},
		{err: coded{gcerrors.ResourceExhausted, "quota"}, says: "quota", throttled: true, transient: true},
		{err: coded{gcerrors.Unknown, "503 ServerBusy"}, says: "ServerBusy", throttled: true, transient: true},
		{err: coded{gcerrors.Internal, "oops"}, says: "oops", transient: true},
		{err: fmt.Errorf("read: %w", syscall.ECONNRESET), says: "reset", transient: true},
		{err: unknown, says: "HTTP 500"},
	} {
		b := open(t, script{attributes: func() (*driver.Attributes, error) { return nil, test.err }})
		_, err := b.Stat(t.Context(), "k")
		check(t, err, anyError, test.says)
		for kind, want := range map[error]bool{
			fs.ErrNotExist: test.absent, backend.ErrThrottled: test.throttled, backend.ErrTransient: test.transient,
		} {
			if got := errors.Is(err, kind); got != want {
				t.Errorf("%v is %q: %v, want %v", err, kind, got, want)
			}
		}
	}
}

func TestOpenReadOnly(t *testing.T) {
	var mux blob.URLMux
	mux.RegisterBucket("mem", &memblob.URLOpener{})
	open := func(value string) (backend.Backend, error) {
		return cdk.Opener(&mux)(t.Context(), backend.Root{Scheme: "mem", Authority: "demo", Params: url.Values{"read-only": {value}, "nomd5": {"1"}}})
	}
	b, err := open("true")
	check(t, err, nil, "")
	defer b.Close()
	check(t, write(t.Context(), b, "k", nil, nil), backend.ErrReadOnly, "")
	check(t, b.Delete(t.Context(), "k"), backend.ErrReadOnly, "")
	b, err = open("false")
	check(t, err, nil, "")
	defer b.Close()
	check(t, write(t.Context(), b, "k", nil, nil), nil, "")
	_, err = open("hush")
	check(t, err, anyError, `parameter "read-only" is true or false`)
}
