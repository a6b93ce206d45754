package backend

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
)

// Root names the store that a backend is opened on: the part of a URI before
// the path, and how to reach it.
type Root struct {
	Scheme    string // lower case: "s3"
	Authority string // the bucket; empty for local files
	// Params configure the backend; each backend documents its own, and refuses
	// those that it does not know.
	Params url.Values
}

// String returns the root as a URI without its parameters, which may hold secrets.
func (r Root) String() string { return r.Scheme + "://" + r.Authority }

// Opener opens the backend of a root. It need not contact the store. The context
// is for the opening alone: the backend outlives it.
type Opener func(ctx context.Context, root Root) (Backend, error)

// ErrUnknownScheme says that a registry has no opener for a scheme.
var ErrUnknownScheme = errors.New("no backend for the scheme")

// Registry maps schemes to openers. Its zero value is empty and ready. It is
// filled first and used then: Register must not run beside other methods.
type Registry struct {
	openers   map[string]Opener
	canonical map[string]string // of each scheme, the first of those it was registered with
}

// Register makes open serve the schemes. Schemes that are registered together
// are aliases: they name the same stores, and the first of them stands for all
// (see [Registry.Canonical]). A scheme that is taken, empty or not lower case is
// a mistake of the program, and panics.
func (r *Registry) Register(open Opener, schemes ...string) {
	if r.openers == nil {
		r.openers = make(map[string]Opener)
		r.canonical = make(map[string]string)
	}
	for _, scheme := range schemes {
		if scheme == "" || scheme != strings.ToLower(scheme) {
			panic(fmt.Sprintf("backend: scheme %q must be lower case and not empty", scheme))
		}
		if _, taken := r.openers[scheme]; taken {
			panic(fmt.Sprintf("backend: scheme %q is registered twice", scheme))
		}
		r.openers[scheme] = open
		r.canonical[scheme] = schemes[0]
	}
}

// Canonical returns the scheme that stands for the scheme and its aliases: "s3"
// for "s3a" if both were registered together, "s3" first. A scheme that nobody
// registered stands for itself.
func (r *Registry) Canonical(scheme string) string {
	if canonical, ok := r.canonical[scheme]; ok {
		return canonical
	}
	return scheme
}

// Schemes returns the registered schemes in order.
func (r *Registry) Schemes() []string {
	schemes := make([]string, 0, len(r.openers))
	for scheme := range r.openers {
		schemes = append(schemes, scheme)
	}
	slices.Sort(schemes)
	return schemes
}

// Open opens the backend of the root by its scheme. The error is
// [ErrUnknownScheme] if none is registered.
func (r *Registry) Open(ctx context.Context, root Root) (Backend, error) {
	if err := r.Check(root.Scheme); err != nil {
		return nil, err
	}
	return r.openers[root.Scheme](ctx, root)
}

// Check returns nil if the scheme is registered, else [ErrUnknownScheme] with those
// that are.
func (r *Registry) Check(scheme string) error {
	if _, ok := r.openers[scheme]; ok {
		return nil
	}
	if len(r.openers) == 0 {
		return fmt.Errorf("%w %q: the registry is empty; register backends, as by registry.Register(fs.Open, \"file\")", ErrUnknownScheme, scheme)
	}
	meant := ""
	if lower := strings.ToLower(scheme); r.openers[lower] != nil {
		meant = fmt.Sprintf("; did you mean %q?", lower)
	}
	return fmt.Errorf("%w %q (there are: %s)%s", ErrUnknownScheme, scheme, strings.Join(r.Schemes(), ", "), meant)
}
