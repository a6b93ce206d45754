package storage_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/storage"
)

// TestAllowedPlaces is what metadata that may come from anyone can make us read.
func TestAllowedPlaces(t *testing.T) {
	type opts = storage.Options
	tests := []struct {
		name    string
		pointer string
		opts    opts
		handle  checkpoint.StreamStateHandle
		allowed bool
	}{
		{"own directory", "job/chk-7", opts{}, file("s3://b/job/chk-7/data", 10), true},
		{"shared", "job/chk-7", opts{}, file("s3://b/job/shared/s", 10), true},
		{"taskowned", "job/chk-7", opts{}, file("s3://b/job/taskowned/t", 10), true},
		{"changelog", "job/chk-7", opts{}, file("s3://b/job/dstl/c", 10), true},
		{"begins like shared", "job/chk-7", opts{}, file("s3://b/job/sharedness", 10), false},
		{"the job's directory", "job/chk-7", opts{}, file("s3://b/job/loose", 10), false},
		{"another checkpoint", "job/chk-7", opts{}, file("s3://b/job/chk-6/old", 10), false},
		{"begins like the checkpoint", "job/chk-7", opts{}, file("s3://b/job/chk-77/x", 10), false},
		{"another job", "job/chk-7", opts{}, file("s3://b/other/x", 10), false},
		{"another bucket", "job/chk-7", opts{}, file("s3://c/job/chk-7/data", 10), false},
		{"a bucket that begins alike", "job/chk-7", opts{}, file("s3://bb/job/chk-7/data", 10), false},
		{"another scheme", "job/chk-7", opts{}, file("file:/job/chk-7/data", 10), false},
		{"a web server", "job/chk-7", opts{}, file("http://169.254.169.254/latest/meta-data", -1), false},
		{"dots that come back", "job/chk-7", opts{}, file("s3://b/job/chk-7/../shared/s", 10), true},
		{"dots that go out", "job/chk-7", opts{}, file("s3://b/job/chk-7/../../other/x", 10), false},
		{"dots above the root", "job/chk-7", opts{AllowAnyPath: true}, file("s3://b/../../other/x", 10), false},
		{"backslash dots", "job/chk-7", opts{}, file(`s3://b/job/chk-7/..\..\other\x`, 10), false},
		{"no scheme", "job/chk-7", opts{}, file("/job/chk-7/data", 10), false},
		{"a segment elsewhere", "job/chk-7", opts{}, segment("s3://b/other/x", 0, 1), false},
		{"an empty segment elsewhere", "job/chk-7", opts{}, segment("s3://b/other/x", 0, 0), false},
		{"hidden in key groups", "job/chk-7", opts{}, &checkpoint.KeyGroupsStateHandle{Delegate: file("s3://b/other/x", 10)}, false},
		{"a savepoint has no siblings", "sp", opts{}, file("s3://b/shared/s", 10), false},
		{"the directory itself", "job/chk-7", opts{}, file("s3://b/job/chk-7", 10), false},

		{"relative dots", "job/chk-7", opts{}, relative("../../other/x", 10), false},
		{"relative dots that come back", "job/chk-7", opts{}, relative("sub/../data", 10), false},
		{"relative into shared", "job/chk-7", opts{}, relative("../shared/s", 10), false},
		{"relative to the machine", "job/chk-7", opts{}, relative("../../../../etc/passwd", 10), false},
		{"relative and absolute", "job/chk-7", opts{AllowAnyPath: true}, relative("/other/x", 10), false},
		{"relative with a scheme", "job/chk-7", opts{AllowAnyPath: true}, relative("s3://b/other/x", 10), false},
		{"relative with a colon", "job/chk-7", opts{AllowAnyPath: true}, relative("data:x", 10), false},
		{"relative with a backslash", "job/chk-7", opts{AllowAnyPath: true}, relative(`..\data`, 10), false},
		{"relative with NUL", "job/chk-7", opts{AllowAnyPath: true}, relative("data\x00", 10), false},
		{"relative to nothing", "job/chk-7", opts{AllowAnyPath: true}, relative("", 10), false},
		{"relative to itself", "job/chk-7", opts{AllowAnyPath: true}, relative("./.", 10), false},
		{"relative with many dots", "job/chk-7", opts{}, relative(".../data", 10), true},

		{"a configured place", "job/chk-7", opts{Locations: []string{"s3a://b/other?region=r"}}, file("s3://b/other/x", 10), true},
		{"a configured bucket", "job/chk-7", opts{Locations: []string{"s3://b"}}, file("s3://b/other/x", 10), true},
		{"beside a configured place", "job/chk-7", opts{Locations: []string{"s3://b/oth"}}, file("s3://b/other/x", 10), false},
		{"any path", "job/chk-7", opts{AllowAnyPath: true}, file("s3://c/other/x", 10), true},
		{"any relative path", "job/chk-7", opts{AllowAnyPath: true}, relative("../../other/x", 10), true},

		{"moved", "job/chk-7", opts{Relocate: []storage.Relocation{{From: "s3://gone/flink", To: "s3://b/other"}}}, file("s3://gone/flink/x", 10), true},
		{"moved, by alias", "job/chk-7", opts{Relocate: []storage.Relocation{{From: "s3a://gone/flink", To: "s3://b/other"}}}, file("s3://gone/flink/x", 10), true},
		{"moved bucket", "job/chk-7", opts{Relocate: []storage.Relocation{{From: "s3://gone", To: "s3://b/"}}}, file("s3://gone/other/x", 10), true},
		{"moved, to its longest", "job/chk-7", opts{Relocate: []storage.Relocation{
			{From: "s3://gone/flink/a", To: "s3://b/other"}, {From: "s3://gone", To: "s3://b/nowhere"}}}, file("s3://gone/flink/a/x", 10), true},
		{"not moved", "job/chk-7", opts{Relocate: []storage.Relocation{{From: "s3://gone/fl", To: "s3://b/other"}}}, file("s3://gone/flink/x", 10), false},
		{"moved, and out again", "job/chk-7", opts{Relocate: []storage.Relocation{{From: "s3://gone", To: "s3://b/job/shared"}}}, file("s3://gone/../other/x", 10), false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			p := stateStore(t)
			for _, key := range []string{"sp/_metadata", "shared/s", "job/loose", "job/chk-77/x", "job/chk-7/.../data"} {
				p.put(t, key, "0123456789")
			}
			location := resolve(t, newStorage(t, p, &test.opts), "s3://b/"+test.pointer)
			p.requests()
			state, err := location.OpenState(t.Context(), test.handle)
			if !test.allowed {
				if err == nil {
					t.Fatalf("read %q", drain(t, state, nil))
				}
				if got, err := download(t, location, test.handle); got != "" || !errors.Is(err, storage.ErrOutsideAllowed) && !errors.Is(err, storage.ErrInvalidPointer) {
					t.Errorf("downloaded %q, %v", got, err)
				}
				if asked := p.requests(); asked != "" {
					t.Errorf("refused, but only after asking %q", asked)
				}
				if !errors.Is(err, storage.ErrOutsideAllowed) && !errors.Is(err, storage.ErrInvalidPointer) {
					t.Errorf("refused as %v", err)
				}
				return
			}
			if got := drain(t, state, err); got != "0123456789" {
				t.Errorf("read %q", got)
			}
			if got, err := download(t, location, test.handle); got != "0123456789" || err != nil {
				t.Errorf("downloaded %q, %v", got, err)
			}
		})
	}
}

func TestARefusalSaysHowToAllow(t *testing.T) {
	s := newStorage(t, stateStore(t), &storage.Options{Locations: []string{"s3://b/archive?secretKey=HUSH"}})
	location := resolve(t, s, "s3://b/job/chk-7")
	_, err := location.OpenState(t.Context(), file("s3://c/x", 1))
	for _, says := range []string{`"s3://c/x"`, "s3://b/job/chk-7 (the checkpoint's own directory)", "s3://b/job/shared",
		"s3://b/archive (configured)", "Options.Locations", "Options.Relocate", "Options.AllowAnyPath"} {
		if err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("does not say %q: %v", says, err)
		}
	}
	if err != nil && strings.Contains(err.Error(), "HUSH") {
		t.Errorf("tells a secret: %v", err)
	}
}

// TestLinksOutOfAllowedPlaces is what a savepoint that somebody sent as an archive
// can do on a local disk.
func TestLinksOutOfAllowedPlaces(t *testing.T) {
	dir, err := filepath.EvalSymlinks(t.TempDir())
	must(t, err)
	for _, name := range []string{"job/chk-7/_metadata", "job/chk-7/data", "job/shared/s", "blobs/x", "secret"} {
		must(t, os.MkdirAll(filepath.Join(dir, filepath.Dir(name)), 0o777))
		must(t, os.WriteFile(filepath.Join(dir, name), []byte("0123456789"), 0o666))
	}
	for name, target := range map[string]string{
		"job/chk-7/alias": "data", "job/chk-7/out": "../../secret", "job/chk-7/absolute": dir + "/secret", "job/chk-7/dir": "../..",
		"job/shared/blob": "../../blobs/x", "job/taskowned": "../blobs", "named": "job/chk-7", "job/shared/own": "../chk-7/data",
	} {
		must(t, os.Symlink(target, filepath.Join(dir, name)))
	}
	tests := []struct {
		name    string
		pointer string
		opts    storage.Options
		handle  checkpoint.StreamStateHandle
		allowed bool
	}{
		{"a plain file", "job/chk-7", storage.Options{}, relative("data", 10), true},
		{"a link inside", "job/chk-7", storage.Options{}, relative("alias", 10), true},
		{"a link out", "job/chk-7", storage.Options{}, relative("out", 10), false},
		{"an absolute link out", "job/chk-7", storage.Options{}, relative("absolute", 10), false},
		{"through a linked directory", "job/chk-7", storage.Options{}, relative("dir/secret", 10), false},
		{"a link from shared within the job", "job/chk-7", storage.Options{}, file("file:"+dir+"/job/shared/own", 10), true},
		{"a link from shared out of the job", "job/chk-7", storage.Options{}, file("file:"+dir+"/job/shared/blob", 10), false},
		{"a sibling that is a link out", "job/chk-7", storage.Options{}, file("file:"+dir+"/job/taskowned/x", 10), false},
		{"the named directory may be a link", "named", storage.Options{}, relative("data", 10), true},
		{"a link into a configured place", "job/chk-7", storage.Options{Locations: []string{dir}}, file("file:"+dir+"/job/shared/blob", 10), true},
		{"any path", "job/chk-7", storage.Options{AllowAnyPath: true}, relative("absolute", 10), true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			location := resolve(t, newLocalStorage(t, &test.opts), filepath.Join(dir, test.pointer))
			state, err := location.OpenState(t.Context(), test.handle)
			if !test.allowed {
				if !errors.Is(err, storage.ErrOutsideAllowed) || !strings.Contains(err.Error(), "symbolic link") {
					t.Errorf("%v; want ErrOutsideAllowed because of a symbolic link", err)
				}
				if err == nil {
					t.Errorf("read %q", drain(t, state, nil))
				}
				if got, err := download(t, location, test.handle); got != "" || !errors.Is(err, storage.ErrOutsideAllowed) {
					t.Errorf("downloaded %q, %v", got, err)
				}
				return
			}
			if got := drain(t, state, err); got != "0123456789" {
				t.Errorf("read %q", got)
			}
			if got, err := download(t, location, test.handle); got != "0123456789" || err != nil {
				t.Errorf("downloaded %q, %v", got, err)
			}
		})
	}
}
