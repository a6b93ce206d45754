package sharedstate

import (
	"path"
	"strings"
)

// SamePath reports whether two paths are spellings of one.
func SamePath(a, b string) bool { return canonical(a) == canonical(b) }

// canonical gives the spellings of one path one key: file:/a, file:///a and /a;
// the schemes of S3; doubled slashes. Two spellings with an entry each would let
// one be deleted while the other is in use. Taking two files for one, as doubled
// slashes in an object store might, only keeps both for longer.
func canonical(name string) string {
	scheme, rest, found := strings.Cut(name, ":")
	if !found || strings.Contains(scheme, "/") {
		scheme, rest = "file", name
	}
	scheme = strings.ToLower(scheme)
	if scheme == "s3a" || scheme == "s3n" || scheme == "s3p" {
		scheme = "s3"
	}
	authority := ""
	if after, ok := strings.CutPrefix(rest, "//"); ok {
		authority, rest, _ = strings.Cut(after, "/")
	}
	key := scheme + "://" + authority + path.Clean("/"+rest)
	if key == name {
		return name // the same bytes, held once
	}
	return key
}

// parents calls visit with each directory around key, from the inside out,
// until visit returns false.
func parents(key string, visit func(dir string) bool) {
	root := strings.Index(key, "://") + len("://")
	for {
		slash := strings.LastIndexByte(key, '/')
		if slash < root {
			return
		}
		if key = key[:slash]; !visit(key) {
			return
		}
	}
}

// join anchors a relative path to the directory of the metadata.
func join(directory, relative string) string {
	return strings.TrimRight(directory, "/") + "/" + relative
}
