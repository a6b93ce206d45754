package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"net/url"
	"path"
	"path/filepath"
	"strings"

	"github.com/cairnstate/cairn/storage"
	"github.com/cairnstate/cairn/storage/backend"
)

// verifyTarget is the store that is asked, and the directory that it is asked in.
type verifyTarget struct {
	root    backend.Root
	backend backend.Backend
	named   string   // the key that the URL leads to
	below   string   // the key that the URL and --below lead to
	dir     string   // a new directory in it; all that is written is there
	made    []string // directories of this machine that writing to dir makes, the lowest first
	connect func(ctx context.Context) (backend.Backend, error)
}

// openTarget opens the store that the URL names: for reading alone, if no more is
// asked of it.
func openTarget(ctx context.Context, location string, opts *verifyOptions) (*verifyTarget, error) {
	root, key, err := parseTarget(location)
	if err != nil {
		return nil, usageError(err)
	}
	registry := newRegistry()
	if opts.readOnly {
		registry = newReadingRegistry()
	}
	root.Scheme = registry.Canonical(root.Scheme)
	if opts.below != "" && !backend.ValidKey(opts.below) {
		return nil, usageError(fmt.Errorf("--below %q: write a directory below the URL, as in trial or trial/today", opts.below))
	}
	named := key
	key = path.Join(key, opts.below)
	if err := checkParts(root); err != nil && !opts.readOnly {
		return nil, usageError(err)
	}
	opened, err := registry.Open(ctx, root)
	if err != nil {
		return nil, usageError(err)
	}
	return &verifyTarget{
		root: root, backend: opened, named: named, below: key,
		dir:     path.Join(key, "cairn-verify-"+strings.ToLower(rand.Text())),
		connect: func(ctx context.Context) (backend.Backend, error) { return registry.Open(ctx, root) },
	}, nil
}

// parseTarget takes a URL apart into the store and the key that it leads to. A path
// of this machine is a URL, too.
func parseTarget(location string) (backend.Root, string, error) {
	text, query, _ := strings.Cut(location, "?")
	params, err := url.ParseQuery(query)
	if err != nil {
		return backend.Root{}, "", fmt.Errorf("the parameters of the URL cannot be read: write name=value&name=value, percent-encoded")
	}
	parsed, err := storage.ParsePath(text)
	if err != nil {
		return backend.Root{}, "", err
	}
	if parsed.Scheme() == "" {
		absolute, err := filepath.Abs(text)
		if err != nil {
			return backend.Root{}, "", err
		}
		return backend.Root{Scheme: "file", Params: params}, strings.Trim(filepath.ToSlash(absolute), "/"), nil
	}
	return backend.Root{Scheme: parsed.Scheme(), Authority: parsed.Authority(), Params: params}, parsed.Key(), nil
}

// String names the directory that the checks work below, without parameters, which
// may hold secrets.
func (t *verifyTarget) String() string {
	if t.root.Scheme == "file" {
		return "/" + t.below
	}
	return strings.TrimSuffix(t.root.String(), "/") + "/" + t.below
}
