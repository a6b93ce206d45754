package storage

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/sync/semaphore"

	"github.com/cairnstate/cairn/storage/backend"
)

// BackendStorage is the [CheckpointStorage] over backends (Flink:
// FileSystemCheckpointStorage). It opens the backend of a store when a path first
// needs it, once, and keeps it until Close. It is safe for use by many goroutines
// at once.
type BackendStorage struct {
	stores      *stores
	defaults    Path // gives scheme-less paths their scheme and authority
	places      []place
	relocations []relocation
	anyPath     bool
	maxMetadata int64
	requests    *semaphore.Weighted // of state readers
}

var _ CheckpointStorage = (*BackendStorage)(nil)

var errNoRegistry = errors.New("storage: there is no registry of backends: make one, and have it know a store, as by registry.Register(fs.Open, \"file\")")

// New returns the storage over the backends of the registry, which must not change
// any more. opts may be nil. Nothing is opened yet; the error is a mistake in the
// options, or that there is no registry. The caller closes the storage.
func New(registry *backend.Registry, opts *Options) (*BackendStorage, error) {
	if registry == nil {
		return nil, errNoRegistry
	}
	if opts == nil {
		opts = &Options{}
	}
	s := &BackendStorage{
		stores:      newStores(registry),
		anyPath:     opts.AllowAnyPath,
		maxMetadata: cmp.Or(opts.MaxMetadataSize, DefaultMaxMetadataSize),
		requests:    semaphore.NewWeighted(int64(cmp.Or(opts.StateRequests, DefaultStateRequests))),
	}
	if err := s.setDefaultScheme(cmp.Or(opts.DefaultScheme, localScheme)); err != nil {
		return nil, err
	}
	for _, location := range opts.Locations {
		if err := s.addLocation(location); err != nil {
			return nil, err
		}
	}
	for _, relocation := range opts.Relocate {
		if err := s.addRelocation(relocation); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// OpenLocations opens the stores that locations configure, so that a mistake in a
// parameter is told at once and not when a path first leads there. A location, or a
// place that files were relocated to, whose scheme has no backend is one too.
func (s *BackendStorage) OpenLocations(ctx context.Context) error {
	for _, place := range s.places {
		if err := s.stores.registry.Check(place.store.scheme); err != nil {
			return fmt.Errorf("storage: location %s: %w", redact(place.path.String()), err)
		}
	}
	for id := range s.stores.params {
		if _, err := s.stores.open(ctx, id); err != nil {
			return fmt.Errorf("storage: location %s: %w", id, err)
		}
	}
	return nil
}

// Close closes the backends. Locations of the storage are of no use afterwards.
func (s *BackendStorage) Close() error { return s.stores.close() }

// String tells the places that the user allowed, without parameters.
func (s *BackendStorage) String() string {
	return fmt.Sprintf("storage over %s, allowed beside each checkpoint: %s",
		strings.Join(s.stores.registry.Schemes(), ", "), describe(s.places))
}

// localScheme is the scheme of paths that depend on a working directory.
const localScheme = "file"

func (s *BackendStorage) setDefaultScheme(text string) error {
	if !strings.Contains(text, ":") {
		text += ":"
	}
	p, err := ParsePath(strings.TrimSuffix(text, "/") + "/")
	if err != nil {
		return fmt.Errorf("storage: default scheme %q: it is a scheme, or a scheme and an authority, as in s3://bucket: %w", redact(text), err)
	}
	if p.Key() != "" {
		return fmt.Errorf("storage: default scheme %q has a path; it is a scheme, or a scheme and an authority, as in s3://bucket", redact(text))
	}
	s.defaults = p
	return nil
}

// parse reads a path and qualifies it: a path without scheme gets the default
// one, a relative local path the working directory (Flink: Path.makeQualified).
func (s *BackendStorage) parse(text string) (Path, error) {
	p, err := ParsePath(text)
	if err != nil {
		return Path{}, err
	}
	if p.scheme == "" {
		if p, err = s.qualify(p); err != nil {
			return Path{}, err
		}
	}
	if p.scheme == localScheme && p.authority != "" {
		return Path{}, fmt.Errorf("%w: %q: a local path has no host; did you mean file:///%s%s?", ErrInvalidPointer, redact(text), p.authority, p.path)
	}
	if key := p.Key(); key != "" && !backend.ValidKey(key) {
		return Path{}, fmt.Errorf("%w: %q: its .. lead above the root", ErrInvalidPointer, redact(text))
	}
	return p, nil
}

func (s *BackendStorage) qualify(p Path) (Path, error) {
	dir := "/"
	if s.defaults.scheme == localScheme && !p.IsAbs() {
		working, err := os.Getwd()
		if err != nil {
			return Path{}, fmt.Errorf("storage: %q is relative, and the working directory is unknown: %w", p, err)
		}
		dir = filepath.ToSlash(working)
	}
	if !p.IsAbs() {
		p.path = normalise(dir + "/" + p.path)
	}
	p.scheme, p.authority = s.defaults.scheme, s.defaults.authority
	return p, nil
}

// backendOf returns the backend that holds the path.
func (s *BackendStorage) backendOf(ctx context.Context, p Path) (backend.Backend, error) {
	return s.stores.open(ctx, s.stores.id(p))
}

// errStorageClosed says that somebody uses a storage that is closed.
var errStorageClosed = fmt.Errorf("storage: the storage is closed: %w", fs.ErrClosed)

// Backend returns the backend that holds a path, such as "s3://bucket/counts", and the
// key that the path has there: for who keeps other things in the same stores, as a sink
// does. It is opened once, as [Options.Locations] configure it, and belongs to the
// storage, which closes it.
func (s *BackendStorage) Backend(ctx context.Context, path string) (b backend.Backend, key string, err error) {
	p, err := s.parse(path)
	if err == nil {
		b, err = s.backendOf(ctx, p)
	}
	if err != nil {
		return nil, "", fmt.Errorf("storage: open the store of %q: %w", redact(path), err)
	}
	return b, p.Key(), nil
}
