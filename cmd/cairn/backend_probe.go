package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"

	"github.com/cairnstate/cairn/storage/backend"
)

// The states of a permission.
const (
	granted = "granted"
	missing = "missing"
	unknown = "unknown"
)

// prober tries one verb after the other, and notes which are permitted. What fails
// for another reason than permission ends it: then the store cannot be asked.
type prober struct {
	ctx     context.Context
	target  *verifyTarget
	results []permissionReport
	failed  error
	denied  error // the first
}

// probe finds out what may be done in the directory.
func probe(ctx context.Context, target *verifyTarget, readOnly bool) ([]permissionReport, error) {
	p := &prober{ctx: ctx, target: target}
	p.all(readOnly)
	if p.failed == nil && !slices.ContainsFunc(p.results, func(r permissionReport) bool { return r.Status == granted }) {
		p.failed = fmt.Errorf("nothing is permitted: %w", p.denied)
	}
	return p.results, p.failed
}

// all tries the verbs. One small object is written and deleted first, so that
// nothing more is written where nothing can be deleted.
func (p *prober) all(readOnly bool) {
	p.try("list", p.list)
	p.try("look for what is absent", p.stat)
	if readOnly {
		return
	}
	if !p.try("put", p.put) {
		p.unknown("nothing could be put", "get", "delete", "abort")
		return
	}
	p.try("get", p.get)
	if !p.try("delete", p.delete) {
		p.unknown("nothing more is written where nothing can be deleted", "abort")
		return
	}
	p.try("abort", p.abort)
}

// try notes whether the verb is permitted, and returns whether it is.
func (p *prober) try(verb string, do func() error) bool {
	if p.failed != nil {
		return false
	}
	result := permissionReport{Verb: verb, Permission: permissionOf(p.target.root.Scheme, verb), Status: granted}
	err := do()
	switch {
	case err == nil:
	case errors.Is(err, fs.ErrPermission), errors.Is(err, backend.ErrReadOnly):
		result.Status, result.Detail = missing, err.Error()
	case len(p.results) > 0 && p.results[len(p.results)-1].Status != granted:
		result.Status, result.Detail = unknown, err.Error() // it may be for want of what is missing
	default:
		p.failed = err
		return false
	}
	p.results = append(p.results, result)
	if p.denied == nil {
		p.denied = err
	}
	return err == nil
}

func (p *prober) unknown(why string, verbs ...string) {
	for _, verb := range verbs {
		p.results = append(p.results, permissionReport{
			Verb: verb, Permission: permissionOf(p.target.root.Scheme, verb), Status: unknown, Detail: why,
		})
	}
}

func (p *prober) key() string { return p.target.dir + "/probe" }

func (p *prober) list() error {
	for _, err := range p.target.backend.List(p.ctx, p.target.dir) {
		return err
	}
	return nil
}

func (p *prober) stat() error {
	_, err := p.target.backend.Stat(p.ctx, p.key())
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

func (p *prober) put() error { return p.target.write(p.ctx, p.key(), 1, backend.Writer.Commit) }

// write writes an object of so many bytes, and ends it like this.
func (t *verifyTarget) write(ctx context.Context, key string, size int, end func(backend.Writer) error) error {
	w, err := t.backend.Create(ctx, key, nil)
	if err != nil {
		return err
	}
	defer w.Close()
	if _, err := w.Write(make([]byte, size)); err != nil {
		return err
	}
	return end(w)
}

func (p *prober) get() error {
	r, err := p.target.backend.Open(p.ctx, p.key(), nil)
	if err != nil {
		return err
	}
	defer r.Close()
	_, err = io.Copy(io.Discard, r)
	return err
}

func (p *prober) delete() error { return p.target.backend.Delete(p.ctx, p.key()) }

// abort abandons an object that is large enough to be written in parts.
func (p *prober) abort() error {
	return p.target.write(p.ctx, p.key(), p.target.abortedSize(), backend.Writer.Close)
}
