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
	authority, dir := "", rest
	if after, ok := strings.CutPrefix(rest, "//"); ok {
		slash := strings.IndexByte(after, '/')
		if slash < 0 {
			slash = len(after)
		}
		authority, dir = after[:slash], after[slash:]
	}
	clean := path.Clean(dir)
	if !strings.HasPrefix(clean, "/") {
		clean = path.Clean("/" + dir)
	}
	key := canonicalScheme(scheme)
	if len(key)+len("://")+len(authority)+len(clean) == len(name) && key == scheme && clean == dir {
		return name // as nearly all are: nothing to allocate
	}
	return key + "://" + authority + clean
}

func canonicalScheme(scheme string) string {
	switch scheme = strings.ToLower(scheme); scheme {
	case "s3a", "s3n", "s3p":
		return "s3"
	}
	return scheme
}

// canonicalDirectory is canonical for what comes before the last slash of a path: the
// root of a store, too, ends without one.
func canonicalDirectory(dir string) string { return strings.TrimSuffix(canonical(dir), "/") }

// cut cuts a path at its last slash, if what is behind it is a name that all
// spellings of the path would have.
func cut(path string) (dir string, n name, ok bool) {
	if slash := len(path) - uuidLength - 1; slash > 0 && path[slash] == '/' && path[slash-1] != '/' {
		if n, ok = uuid(path[slash+1:]); ok {
			return path[:slash], n, true // as nearly all are: no slash to look for
		}
	}
	slash := strings.LastIndexByte(path, '/')
	if slash < 0 || endsAuthority(path, slash) {
		return "", name{}, false
	}
	switch last := path[slash+1:]; last {
	case "", ".", "..":
		return "", name{}, false
	default:
		n, ok = nameOf(last)
		return path[:slash], n, ok
	}
}

// endsAuthority says whether the slash may be one of those that an authority follows.
func endsAuthority(path string, slash int) bool {
	return slash > 0 && path[slash-1] == '/' && (slash == 1 || path[slash-2] == ':')
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
