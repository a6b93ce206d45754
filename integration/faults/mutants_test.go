package faults_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"testing"

	"github.com/cairnstate/cairn/internal/scenario"
	"github.com/cairnstate/cairn/storage/backend"
	"github.com/cairnstate/cairn/storage/fault"
)

// A store, or a wrapper, that breaks one promise is found out by the enumeration, for
// the reason that it should be.
func TestMutants(t *testing.T) {
	for name, mutant := range map[string]struct {
		over over
		want error
	}{
		"shows metadata before it is whole":     {mutate(func(m *mutation) { m.create = early }), scenario.ErrHalf},
		"acknowledges what it dropped":          {mutate(func(m *mutation) { m.create = dropping }), scenario.ErrLost},
		"repeats an exclusive creation blindly": {mutate(func(m *mutation) { m.create = insisting }), scenario.ErrLost},
		"publishes and says no":                 {mutate(func(m *mutation) { m.create = denying }), scenario.ErrRisen},
		"deletes the name last":                 {mutate(func(m *mutation) { m.delete = nameLast }), scenario.ErrHalf},
		"discards after an ambiguous answer":    {mutate(func(m *mutation) { m.create = discarding }), scenario.ErrReckless},
		"deletes nothing":                       {mutate(func(m *mutation) { m.delete = nothing }), scenario.ErrLeft},
		"forgets one of those it deletes":       {mutate(func(m *mutation) { m.delete = forgetful }), scenario.ErrKept},
		"abandons no writer":                    {mutate(func(m *mutation) { m.leaks = true }), scenario.ErrLeft},
	} {
		t.Run(name, func(t *testing.T) {
			c := &calls{fresh: grounds()["mem"], over: mutant.over, effects: fewer()}
			tried, err := c.search(t, mutant.want)
			if err == nil {
				t.Fatalf("%d cases, and nobody notices", tried)
			}
			t.Logf("found by case %d: %v", tried, err)
		})
	}
}

// An error that tells a secret is found out, and one that does not tell what and where.
func TestErrorsAreJudged(t *testing.T) {
	where := scenario.Place{Base: "far://store"}.Directory()
	for _, tt := range []struct{ err, want error }{
		{&backend.Error{Op: "open", Key: where, Err: errors.New("signed with canary")}, scenario.ErrSecret},
		{&backend.Error{Op: "open", Err: errors.New("not now")}, scenario.ErrVague},
		{errors.New("EOF in " + where), scenario.ErrVague},
		{&backend.Error{Op: "open", Key: where, Err: errors.New("not now")}, nil},
	} {
		if err := scenario.CheckError(tt.err, "canary"); !errors.Is(err, tt.want) {
			t.Errorf("%v: %v, want %v", tt.err, err, tt.want)
		}
	}
}

// search tries the plans of all plays until one fails as it should.
func (c *calls) search(t *testing.T, want error) (tried int, _ error) {
	t.Helper()
	for _, play := range scenario.Plays() {
		sound := *c
		plans, _ := sound.plans(t, play)
		for _, plan := range append(plans, new(fault.Plan)) {
			tried++
			if err := c.try(t, play, plan); errors.Is(err, want) {
				return tried, fmt.Errorf("%s, %s: %w", play.Name, plan, err)
			}
		}
	}
	return tried, nil
}

// mutation is a backend that does one thing wrong. It hides the powers of the one
// within, so that all goes through the verbs.
type mutation struct {
	backend.Backend
	create func(*mutation, *mutantWriter) error // instead of Commit of _metadata
	delete func(context.Context, *mutation, string) error
	name   string // that is still to be deleted
	blind  bool   // for names
	leaks  bool   // what is abandoned stays
}

func mutate(how func(*mutation)) over {
	return func(b backend.Backend) (backend.Backend, error) {
		m := &mutation{Backend: b}
		how(m)
		return m, nil
	}
}

func isName(key string) bool { return strings.HasSuffix(key, "/_metadata") }

func (m *mutation) Delete(ctx context.Context, key string) error {
	if m.delete == nil {
		return m.Backend.Delete(ctx, key)
	}
	return m.delete(ctx, m, key)
}

func (m *mutation) Open(ctx context.Context, key string, opts *backend.OpenOptions) (backend.Reader, error) {
	if m.blind && isName(key) {
		return nil, fs.ErrNotExist
	}
	return m.Backend.Open(ctx, key, opts)
}

func (m *mutation) Stat(ctx context.Context, key string) (backend.Info, error) {
	if m.blind && isName(key) {
		return backend.Info{}, fs.ErrNotExist
	}
	return m.Backend.Stat(ctx, key)
}

func (m *mutation) Create(ctx context.Context, key string, opts *backend.CreateOptions) (backend.Writer, error) {
	w, err := m.Backend.Create(ctx, key, opts)
	if err == nil && m.leaks {
		return leak{w}, nil
	}
	if err != nil || m.create == nil || !isName(key) {
		return w, err
	}
	return &mutantWriter{Writer: w, m: m, ctx: ctx, key: key}, nil
}

// leak is a writer that is not abandoned.
type leak struct{ backend.Writer }

func (leak) Close() error { return nil }

type mutantWriter struct {
	backend.Writer
	m    *mutation
	ctx  context.Context
	key  string
	data []byte
}

func (w *mutantWriter) Write(p []byte) (int, error) {
	w.data = append(w.data, p...)
	return w.Writer.Write(p)
}

func (w *mutantWriter) Commit() error { return w.m.create(w.m, w) }

// put writes the data in another way than was asked for.
func (w *mutantWriter) put(data []byte) error {
	other, err := w.m.Backend.Create(w.ctx, w.key, nil)
	if err != nil {
		return err
	}
	defer other.Close()
	if _, err := other.Write(data); err != nil {
		return err
	}
	return other.Commit()
}

func early(_ *mutation, w *mutantWriter) error {
	if err := w.put(w.data[:len(w.data)/2]); err != nil {
		return err
	}
	return w.put(w.data)
}

func dropping(*mutation, *mutantWriter) error { return nil }

func insisting(_ *mutation, w *mutantWriter) error {
	if err := w.Writer.Commit(); err != nil {
		return w.put(w.data)
	}
	return nil
}

// denying publishes and says that it was not allowed to; nor does it see what it did.
func denying(m *mutation, w *mutantWriter) error {
	m.blind = true
	if err := w.Writer.Commit(); err != nil {
		return err
	}
	return fmt.Errorf("denied: %w", fs.ErrPermission)
}

func discarding(m *mutation, w *mutantWriter) error {
	err := w.Writer.Commit()
	if err == nil {
		return nil
	}
	var keys []string
	for info := range m.List(w.ctx, strings.TrimSuffix(w.key, "/_metadata")) {
		if !isName(info.Key) {
			keys = append(keys, info.Key)
		}
	}
	return errors.Join(err, backend.DeleteAll(w.ctx, m.Backend, keys))
}

func nameLast(ctx context.Context, m *mutation, key string) error {
	if isName(key) {
		m.name = key
		return nil
	}
	err := m.Backend.Delete(ctx, key)
	if m.name != "" {
		err = errors.Join(err, m.Backend.Delete(ctx, m.name))
	}
	return err
}

// forgetful deletes all but what is shared.
func forgetful(ctx context.Context, m *mutation, key string) error {
	if strings.Contains(key, "/shared/") {
		return nil
	}
	return m.Backend.Delete(ctx, key)
}

func nothing(context.Context, *mutation, string) error { return nil }
