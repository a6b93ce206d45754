package main

import (
	"context"
	"maps"
	"net/url"

	"github.com/cairnstate/cairn/storage/azure"
	"github.com/cairnstate/cairn/storage/backend"
	"github.com/cairnstate/cairn/storage/fs"
	"github.com/cairnstate/cairn/storage/gcs"
	"github.com/cairnstate/cairn/storage/s3"
)

// newRegistry has the backends of the command, for reading and writing.
func newRegistry() *backend.Registry {
	return registryOf(func(open backend.Opener) backend.Opener { return open })
}

// newReadingRegistry has the same backends, opened for reading alone.
func newReadingRegistry() *backend.Registry { return registryOf(forReading) }

// registryOf is the one place that says which backends the command has.
func registryOf(how func(backend.Opener) backend.Opener) *backend.Registry {
	registry := new(backend.Registry)
	registry.Register(how(fs.Open), "file")
	registry.Register(how(s3.Opener(nil)), s3.Schemes()...)
	registry.Register(how(gcs.Opener(nil)), gcs.Schemes()...)
	registry.Register(how(azure.Opener(nil)), azure.Schemes()...)
	return registry
}

// forReading opens with the parameter read-only, which all our backends know: that
// a command does not write is then held by the store's last door too, and not by
// the command alone. What the user says with the parameter himself holds.
func forReading(open backend.Opener) backend.Opener {
	return func(ctx context.Context, root backend.Root) (backend.Backend, error) {
		params := url.Values{"read-only": {"true"}}
		maps.Copy(params, root.Params)
		root.Params = params
		return open(ctx, root)
	}
}
