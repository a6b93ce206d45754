package storage

import (
	"errors"
	"fmt"
	"strings"
)

// Path names a file or a directory in some store, as Flink's Path does: a scheme,
// an authority and a path, each of which may be empty. Its text is what stands in
// metadata: "file:/tmp/x", "s3://bucket/x", never percent-encoded, without a query.
//
// It is a comparable value. The zero value is no path.
type Path struct {
	scheme    string
	authority string
	path      string // normal: see normalise
}

// ParsePath reads a path as Flink does (org.apache.flink.core.fs.Path): what is
// before the first colon is the scheme unless a slash comes earlier; what is
// between "//" and the next slash is the authority; all else is the path, in
// which "%", "?", "#" and spaces stand for themselves. Backslashes are slashes,
// runs of slashes are one, a last slash is dropped, "." and ".." are resolved as
// in URIs.
//
// It differs from Flink in what it refuses: NUL, a scheme of one letter (which
// Flink takes for a Windows drive), and an authority with a space, a control
// character or a backslash. The error is [ErrInvalidPointer].
func ParsePath(text string) (Path, error) {
	scheme, rest := splitScheme(text)
	authority, rest := splitAuthority(rest)
	p := Path{scheme: scheme, authority: authority, path: normalise(rest)}
	if err := p.check(text); err != nil {
		return Path{}, fmt.Errorf("%w: %q: %w", ErrInvalidPointer, redact(text), err)
	}
	return p, nil
}

func splitScheme(text string) (scheme, rest string) {
	colon, slash := strings.IndexByte(text, ':'), strings.IndexByte(text, '/')
	if colon < 0 || slash >= 0 && slash < colon {
		return "", text
	}
	return text[:colon], text[colon+1:]
}

func splitAuthority(text string) (authority, rest string) {
	after, ok := strings.CutPrefix(text, "//")
	if !ok || after == "" {
		return "", text
	}
	if slash := strings.IndexByte(after, '/'); slash >= 0 {
		return after[:slash], after[slash:]
	}
	return after, ""
}

func (p Path) check(text string) error {
	switch {
	case text == "":
		return errors.New("it is empty")
	case strings.IndexByte(text, 0) >= 0:
		return errors.New("it has a NUL byte")
	case strings.HasPrefix(text, ":"):
		return errors.New("nothing is before its colon, where the scheme belongs")
	case len(p.scheme) == 1:
		return errors.New("a scheme has more than one letter, and drives of Windows are not supported")
	case !validScheme(p.scheme):
		return errors.New("what is before its first colon is no scheme; a local path with a colon needs file: in front")
	case strings.ContainsFunc(p.authority, badInAuthority):
		return errors.New("its authority (the bucket) has a space, a control character or a backslash")
	case p.scheme != "" && p.authority == "" && !strings.HasPrefix(p.path, "/"):
		return errors.New("after a scheme the path must be absolute, as in file:/tmp/x or s3://bucket/x")
	case p.scheme == "" && p.authority != "":
		return errors.New("it begins with two slashes; write one slash, or a scheme before them")
	}
	return nil
}

func validScheme(scheme string) bool {
	for i, c := range []byte(scheme) {
		letter := 'a' <= c|0x20 && c|0x20 <= 'z'
		other := '0' <= c && c <= '9' || c == '+' || c == '-' || c == '.'
		if !letter && (i == 0 || !other) {
			return false
		}
	}
	return true
}

func badInAuthority(r rune) bool { return r <= ' ' || r == '\\' || r == 0x7f }

// Scheme returns the scheme; empty if the path does not say.
func (p Path) Scheme() string { return p.scheme }

// Authority returns the bucket or the host; empty for local files.
func (p Path) Authority() string { return p.authority }

// Key returns the path below the authority, without the first slash: the key of
// the object in its backend. It is empty for the root.
func (p Path) Key() string { return strings.TrimPrefix(p.path, "/") }

// Name returns the last element of the path; empty for the root.
func (p Path) Name() string { return p.path[strings.LastIndexByte(p.path, '/')+1:] }

// IsAbs reports whether the path does not depend on a working directory.
func (p Path) IsAbs() bool { return p.authority != "" || strings.HasPrefix(p.path, "/") }

// Child returns the path of something below p. The name may have several elements;
// it is no path of its own: a scheme or a first slash in it mean nothing.
func (p Path) Child(name string) Path {
	dir := p.path
	if dir == "" && p.authority == "" {
		dir = "."
	}
	p.path = normalise(dir + "/" + name)
	return p
}

// Parent returns the directory that p is in. It reports false if p is a root.
func (p Path) Parent() (Path, bool) {
	if p.path == "" || p.path == "/" {
		return Path{}, false
	}
	slash := strings.LastIndexByte(p.path, '/')
	p.path = p.path[:max(slash, 0)]
	if slash == 0 {
		p.path = "/"
	}
	return p, true
}

// String returns the path as Flink writes it. An empty authority disappears:
// file:/tmp/x.
func (p Path) String() string {
	var b strings.Builder
	if p.scheme != "" {
		b.WriteString(p.scheme + ":")
	}
	if p.authority != "" {
		b.WriteString("//" + p.authority)
	}
	b.WriteString(p.path)
	return b.String()
}

// normalise brings the path of a URI to its one form.
func normalise(path string) string {
	absolute := strings.HasPrefix(path, "/") || strings.HasPrefix(path, `\`)
	var elements []string
	for element := range strings.FieldsFuncSeq(path, isSlash) {
		last := len(elements) - 1
		switch {
		case element == ".":
		case element == ".." && last >= 0 && elements[last] != "..":
			elements = elements[:last]
		default: // ".." stays where there is nothing before it, as in Java's URI.normalize
			elements = append(elements, element)
		}
	}
	joined := strings.Join(elements, "/")
	if absolute {
		return "/" + joined
	}
	return joined
}

func isSlash(r rune) bool { return r == '/' || r == '\\' }
