package storage_test

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/cairnstate/cairn/storage"
	"github.com/cairnstate/cairn/storage/backend"
	local "github.com/cairnstate/cairn/storage/fs"
)

func TestPointersThatResolve(t *testing.T) {
	p := newProbe(t, "sp/_metadata", "sp/data", "job/chk-7/_metadata", "renamed/backup.bin", "_metadata", "top",
		"odd/_metadata/_metadata", "a b/100%/_metadata", "plain/_metadata.bak")
	s := newStorage(t, p, &storage.Options{DefaultScheme: "s3://bucket"})
	tests := []struct{ pointer, external, file string }{
		{"s3://bucket/sp", "s3://bucket/sp", "sp/_metadata"},
		{"s3://bucket/sp/", "s3://bucket/sp", "sp/_metadata"},
		{"s3://bucket//sp//", "s3://bucket/sp", "sp/_metadata"},
		{"s3://bucket/sp/_metadata", "s3://bucket/sp", "sp/_metadata"},
		{"s3://bucket/sp/_metadata/", "s3://bucket/sp", "sp/_metadata"},
		{"s3a://bucket/sp", "s3a://bucket/sp", "sp/_metadata"},
		{"s3://bucket/x/../sp/.", "s3://bucket/sp", "sp/_metadata"},
		{"s3://bucket/job/chk-7", "s3://bucket/job/chk-7", "job/chk-7/_metadata"},
		{"s3://bucket/renamed/backup.bin", "s3://bucket/renamed", "renamed/backup.bin"},
		{"s3://bucket/plain/_metadata.bak", "s3://bucket/plain", "plain/_metadata.bak"},
		{"s3://bucket", "s3://bucket", "_metadata"},
		{"s3://bucket/", "s3://bucket/", "_metadata"},
		{"s3://bucket/top", "s3://bucket/", "top"},
		{"s3://bucket/odd/_metadata", "s3://bucket/odd/_metadata", "odd/_metadata/_metadata"},
		{"s3://bucket/a b/100%", "s3://bucket/a b/100%", "a b/100%/_metadata"},
		{"/sp", "s3://bucket/sp", "sp/_metadata"},
		{"sp", "s3://bucket/sp", "sp/_metadata"},
	}
	for _, test := range tests {
		t.Run(test.pointer, func(t *testing.T) {
			location := resolve(t, s, test.pointer)
			if got := location.ExternalPointer(); got != test.external {
				t.Errorf("external pointer %q, want %q", got, test.external)
			}
			if got := path(t, location.MetadataPath()).Key(); got != test.file {
				t.Errorf("metadata file %q, want %q", location.MetadataPath(), test.file)
			}
			data, err := location.ReadMetadata(t.Context())
			if want := "<" + test.file + ">"; err != nil || string(data) != want {
				t.Errorf("metadata %q, %v; want %q", data, err, want)
			}
		})
	}
}

func TestPointersThatDoNot(t *testing.T) {
	denied := &backend.Error{Backend: "s3", Op: "open", Err: fs.ErrPermission}
	broken := &backend.Error{Backend: "s3", Op: "open", Err: errors.New("connection reset")}
	tests := []struct {
		name, pointer string
		kind          error
		says          []string
		silent        []string
	}{
		{"empty", "", storage.ErrInvalidPointer, []string{"empty"}, nil},
		{"no path", "a:b", storage.ErrInvalidPointer, []string{`"a:b"`}, nil},
		{"unknown scheme", "ftp://h/x", storage.ErrUnsupportedScheme, []string{`"ftp"`, "s3, s3a, s3n, s3p", "ftp://h/x"}, nil},
		{"local with host", "file://tmp/x", storage.ErrInvalidPointer, []string{"did you mean file:///tmp/x?"}, nil},
		{"above the root", "s3://bucket/../x", storage.ErrInvalidPointer, []string{"above the root"}, nil},
		{"nothing", "s3://bucket/gone", storage.ErrNotFound, []string{
			`cannot find a checkpoint or savepoint file or directory "s3://bucket/gone"`,
			"looked for s3://bucket/gone/_metadata and s3://bucket/gone", "nothing is below", "check the spelling"}, nil},
		{"no metadata", "s3://bucket/half/", storage.ErrNotFound, []string{
			`cannot find the metadata file "_metadata" in directory "s3://bucket/half"`, "holds 2 other files",
			"point at the file itself"}, nil},
		{"no metadata, by name", "s3://bucket/half/_metadata", storage.ErrNotFound, []string{
			`in directory "s3://bucket/half"`, "s3://bucket/half/_metadata and s3://bucket/half/_metadata/_metadata"}, nil},
		{"a prefix of a name", "s3://bucket/hal", storage.ErrNotFound, []string{"nothing is below s3://bucket/hal"}, nil},
		{"a job", "s3://bucket/job", storage.ErrNotFound, []string{
			"point at one of them, as s3://bucket/job/chk-1 or s3://bucket/job/chk-2"}, []string{"chk-3"}},
		{"unfinished", "s3://bucket/writing", storage.ErrNotFound, []string{"still being written"}, nil},
		{"denied", "s3://bucket/denied", fs.ErrPermission, []string{"not permitted", "s3://bucket/denied/_metadata"}, nil},
		{"broken", "s3://bucket/broken", broken, []string{"connection reset"}, nil},
		{"a secret", "s3://KEY:HUSH@bucket/gone?token=HUSH", storage.ErrNotFound, []string{"s3://KEY:…@bucket/gone?…", "a pointer has no parameters", "(--location, or Options.Locations)"}, nil},
		{"a presigned URL", "https://h/x?X-Amz-Signature=HUSH", storage.ErrUnsupportedScheme, []string{"https://h/x?…"}, nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			p := newProbe(t, "half/data-1", "half/data-2", "job/chk-1/_metadata", "job/chk-2/_metadata", "job/chk-3/data",
				"writing/._metadata.inprogress.1234")
			p.fail["open denied/_metadata"] = denied
			p.fail["open broken/_metadata"] = broken
			location, err := newStorage(t, p, nil).ResolveCheckpoint(t.Context(), test.pointer)
			if location != nil || !errors.Is(err, test.kind) {
				t.Fatalf("%v, %v; want %v", location, err, test.kind)
			}
			if errors.Is(err, storage.ErrNotFound) != errors.Is(err, fs.ErrNotExist) {
				t.Errorf("ErrNotFound and fs.ErrNotExist come together: %v", err)
			}
			for _, says := range test.says {
				if !strings.Contains(err.Error(), says) {
					t.Errorf("does not say %q: %v", says, err)
				}
			}
			for _, silent := range append(test.silent, "HUSH") {
				if strings.Contains(err.Error(), silent) {
					t.Errorf("says %q: %v", silent, err)
				}
			}
		})
	}
}

// Stores that may not be listed answer "forbidden" where they hold nothing.
func TestAForbiddenGuessDoesNotHideTheFile(t *testing.T) {
	p := newProbe(t, "renamed/backup.bin")
	p.fail["open renamed/backup.bin/_metadata"] = &backend.Error{Backend: "s3", Op: "open", Err: fs.ErrPermission}
	p.fail["list renamed/backup.bin"] = &backend.Error{Backend: "s3", Op: "list", Err: fs.ErrPermission}
	location := resolve(t, newStorage(t, p, nil), "s3://bucket/renamed/backup.bin")
	if got := location.MetadataPath(); got != "s3://bucket/renamed/backup.bin" {
		t.Errorf("found %q", got)
	}
}

func TestResolvingIsCancelled(t *testing.T) {
	ctx, cancel := context.WithCancelCause(t.Context())
	reason := errors.New("the user pressed control-c")
	cancel(reason)
	_, err := newStorage(t, newProbe(t, "sp/_metadata"), nil).ResolveCheckpoint(ctx, "s3://bucket/sp")
	if !errors.Is(err, reason) {
		t.Errorf("%v does not say why", err)
	}
}

// Local disks have more ways to say that something is not there, and a working
// directory.
func TestLocalPointers(t *testing.T) {
	dir, err := filepath.EvalSymlinks(t.TempDir())
	must(t, err)
	for _, name := range []string{"sp/_metadata", "sp/data", "empty/sub/x"} {
		must(t, os.MkdirAll(filepath.Join(dir, filepath.Dir(name)), 0o777))
		must(t, os.WriteFile(filepath.Join(dir, name), []byte(name), 0o666))
	}
	must(t, os.Symlink("sp", filepath.Join(dir, "latest")))
	must(t, os.Mkdir(filepath.Join(dir, "bare"), 0o777))
	t.Chdir(filepath.Join(dir, "empty"))
	s := newLocalStorage(t, nil)
	found := map[string]string{
		dir + "/sp":              "file:" + dir + "/sp",
		"file:" + dir + "/sp":    "file:" + dir + "/sp",
		"file://" + dir + "/sp/": "file:" + dir + "/sp",
		dir + "/sp/_metadata":    "file:" + dir + "/sp",
		dir + "/sp/data":         "file:" + dir + "/sp",
		dir + "/latest":          "file:" + dir + "/latest",
		"../sp":                  "file:" + dir + "/sp",
		"../sp/_metadata/":       "file:" + dir + "/sp",
	}
	for pointer, want := range found {
		if got := resolve(t, s, pointer).ExternalPointer(); got != want {
			t.Errorf("%q resolves to %q, want %q", pointer, got, want)
		}
	}
	missing := map[string]string{
		dir + "/gone":              "cannot find a checkpoint or savepoint file or directory",
		dir + "/bare":              `cannot find the metadata file "_metadata" in directory`,
		".":                        `cannot find the metadata file "_metadata" in directory "file:` + dir + `/empty"`,
		dir + "/sp/_metadata/what": "cannot find a checkpoint or savepoint file or directory",
	}
	for pointer, want := range missing {
		_, err := s.ResolveCheckpoint(t.Context(), pointer)
		if !errors.Is(err, storage.ErrNotFound) || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v; want %q", pointer, err, want)
		}
	}
}

// Whoever may not read is told once what to do: by the file system of a file, by
// package storage of an object.
func TestResolveSaysOnceWhatToPermit(t *testing.T) {
	for scheme, want := range map[string]int{"s3://bucket": 1, "file:": 0} {
		p := newProbe(t)
		p.fail["open denied/_metadata"] = fs.ErrPermission
		_, err := newStorage(t, p, nil).ResolveCheckpoint(t.Context(), scheme+"/denied")
		if !errors.Is(err, fs.ErrPermission) || strings.Count(err.Error(), "give this identity permission") != want {
			t.Errorf("%s: %v", scheme, err)
		}
	}
}

func newLocalStorage(t testing.TB, opts *storage.Options) *storage.BackendStorage {
	t.Helper()
	var registry backend.Registry
	registry.Register(local.Open, "file")
	s, err := storage.New(&registry, opts)
	must(t, err)
	t.Cleanup(func() { must(t, s.Close()) })
	return s
}
