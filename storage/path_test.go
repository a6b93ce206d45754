package storage_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/cairnstate/cairn/storage"
)

// What Flink's Path makes of a text (org.apache.flink.core.fs.Path).
func TestParsePathNormalises(t *testing.T) {
	tests := []struct{ text, want string }{
		{"file:///tmp/x", "file:/tmp/x"},
		{"file:/tmp/x/", "file:/tmp/x"},
		{"file:///", "file:/"},
		{"file://", "file:/"},
		{"/tmp//x/", "/tmp/x"},
		{"///tmp/x", "/tmp/x"},
		{"/", "/"},
		{"tmp/x", "tmp/x"},
		{"./tmp/x", "tmp/x"},
		{".", ""},
		{"../x", "../x"},
		{"a/../../x", "../x"},
		{"s3://bucket/a/b/", "s3://bucket/a/b"},
		{"s3://bucket///a////b//", "s3://bucket/a/b"},
		{"s3://bucket", "s3://bucket"},
		{"s3://bucket/", "s3://bucket/"},
		{"s3:///a", "s3:/a"},
		{"hdfs://nn:8020/a/./b/../c", "hdfs://nn:8020/a/c"},
		{"s3://bucket/a/../../b", "s3://bucket/../b"}, // as java.net.URI: there is nothing above, and it stays
		{"s3://bucket/a%20b", "s3://bucket/a%20b"},
		{"s3://bucket/a b", "s3://bucket/a b"},
		{"s3://bucket/a?b=c#d", "s3://bucket/a?b=c#d"},
		{"s3://bucket/a:b", "s3://bucket/a:b"},
		{"/a:b", "/a:b"},
		{`s3://bucket/a\b\\c`, "s3://bucket/a/b/c"},
		{`\tmp\x`, "/tmp/x"},
		{"abfs://container@account.dfs.core.windows.net/x", "abfs://container@account.dfs.core.windows.net/x"},
		{"S3://bucket/x", "S3://bucket/x"}, // schemes are opaque
		{"s3://bucket/\xff\xfe", "s3://bucket/\xff\xfe"},
		{" /x ", " /x "},
	}
	for _, test := range tests {
		p, err := storage.ParsePath(test.text)
		if err != nil || p.String() != test.want {
			t.Errorf("ParsePath(%q) = %q, %v; want %q", test.text, p, err, test.want)
		}
		if again, err := storage.ParsePath(p.String()); p.String() != "" && (err != nil || again != p) {
			t.Errorf("what %q became is parsed to %q, %v", test.text, again, err)
		}
	}
}

func TestParsePathRefuses(t *testing.T) {
	tests := []struct{ text, because string }{
		{"", "empty"},
		{"a:b", "Windows"},
		{"ab:c", "absolute"},
		{"s3:", "absolute"},
		{"s3:a/b", "absolute"},
		{":a", "colon"},
		{"1s3://b/x", "no scheme"},
		{"s_3://b/x", "no scheme"},
		{"chk 1:x", "no scheme"},
		{"//tmp/x", "two slashes"},
		{"s3://buck et/x", "authority"},
		{`s3://buck\et/x`, "authority"},
		{"/tmp/\x00", "NUL"},
	}
	for _, test := range tests {
		p, err := storage.ParsePath(test.text)
		if !errors.Is(err, storage.ErrInvalidPointer) || !strings.Contains(err.Error(), test.because) {
			t.Errorf("ParsePath(%q) = %q, %v; want an error about %q", test.text, p, err, test.because)
		}
	}
}

func TestPathParts(t *testing.T) {
	tests := []struct {
		text, scheme, authority, key, name string
		abs                                bool
	}{
		{"s3://bucket/a/b", "s3", "bucket", "a/b", "b", true},
		{"s3://bucket", "s3", "bucket", "", "", true},
		{"file:/tmp", "file", "", "tmp", "tmp", true},
		{"a/b", "", "", "a/b", "b", false},
		{"/", "", "", "", "", true},
	}
	for _, test := range tests {
		p := path(t, test.text)
		if p.Scheme() != test.scheme || p.Authority() != test.authority || p.Key() != test.key || p.Name() != test.name || p.IsAbs() != test.abs {
			t.Errorf("%q has scheme %q, authority %q, key %q, name %q, absolute %v; want %+v",
				test.text, p.Scheme(), p.Authority(), p.Key(), p.Name(), p.IsAbs(), test)
		}
	}
}

func TestChildAndParent(t *testing.T) {
	children := []struct{ dir, name, want string }{
		{"s3://bucket", "_metadata", "s3://bucket/_metadata"},
		{"s3://bucket/a", "_metadata", "s3://bucket/a/_metadata"},
		{"file:/", "x", "file:/x"},
		{"file:/a", "/b//c/", "file:/a/b/c"},
		{"file:/a/b", "../c", "file:/a/c"},
		{".", "x", "x"},
		{"a", "x", "a/x"},
	}
	for _, test := range children {
		if got := path(t, test.dir).Child(test.name).String(); got != test.want {
			t.Errorf("child %q of %q is %q, want %q", test.name, test.dir, got, test.want)
		}
	}
	parents := []struct {
		of, want string
		ok       bool
	}{
		{"s3://bucket/a/b", "s3://bucket/a", true},
		{"s3://bucket/a", "s3://bucket/", true},
		{"s3://bucket/", "", false},
		{"s3://bucket", "", false},
		{"file:/", "", false},
		{"/a", "/", true},
	}
	for _, test := range parents {
		got, ok := path(t, test.of).Parent()
		if got.String() != test.want || ok != test.ok {
			t.Errorf("parent of %q is %q, %v; want %q, %v", test.of, got, ok, test.want, test.ok)
		}
	}
}

func TestCheckpointNumber(t *testing.T) {
	for name, want := range map[string]int64{"chk-1": 1, "chk-0042": 42, "chk-9223372036854775807": 1<<63 - 1} {
		if got, ok := storage.CheckpointNumber(name); !ok || got != want {
			t.Errorf("CheckpointNumber(%q) = %d, %v", name, got, ok)
		}
	}
	for _, name := range []string{"", "chk-", "chk--1", "chk-+1", "chk-1x", "CHK-1", "xchk-1", "chk-9223372036854775808", "savepoint-1"} {
		if got, ok := storage.CheckpointNumber(name); ok {
			t.Errorf("CheckpointNumber(%q) = %d", name, got)
		}
	}
}

// FuzzParsePath holds that a path is normal: reading what it prints changes
// nothing, and its key goes nowhere but down.
func FuzzParsePath(f *testing.F) {
	for _, seed := range []string{"s3://b/a/../b", "file:///x//y/", `a\..\b`, "//x", "a:b:c", "s3://b/%2e%2e/x", "./a:b"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		p, err := storage.ParsePath(text)
		if err != nil {
			return
		}
		if key := p.Key(); strings.Contains(key, "//") || strings.HasPrefix(key, "/") || strings.HasSuffix(key, "/") || strings.Contains(key, `\`) {
			t.Errorf("%q has key %q", text, key)
		}
		if _, below, ok := strings.Cut("/"+strings.TrimLeft(p.Key(), "./"), "/../"); ok && !strings.Contains(text, "...") {
			t.Errorf("%q keeps a .. behind a name: %q, before %q", text, p.Key(), below)
		}
		printed := p.String()
		if again, err := storage.ParsePath(printed); p.IsAbs() && p.Scheme() != "" && (err != nil || again != p) {
			t.Errorf("%q prints %q, which is parsed to %q, %v", text, printed, again, err)
		}
	})
}

func path(t *testing.T, text string) storage.Path {
	t.Helper()
	p, err := storage.ParsePath(text)
	if err != nil {
		t.Fatal(err)
	}
	return p
}
