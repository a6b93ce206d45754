package faults_test

import (
	"context"
	"errors"
	"fmt"
	iofs "io/fs"
	"os"
	"testing"

	"github.com/cairnstate/cairn/internal/scenario"
	"github.com/cairnstate/cairn/storage/backend"
	localfs "github.com/cairnstate/cairn/storage/fs"
	"github.com/cairnstate/cairn/storage/mem"
)

// ground is a store that a case takes place on.
type ground interface {
	// open returns the store as a process has it.
	open() (backend.Backend, error)
	// after returns the store as others find it once the process was killed, or has
	// ended by itself.
	after(killed bool) (ground, error)
	// swept removes what a killed process may leave and no verb shows, if killed, and
	// returns an error for what is left of it then.
	swept(ctx context.Context, killed bool) error
}

// grounds make empty ones.
func grounds() map[string]func(*testing.T) ground {
	return map[string]func(*testing.T) ground{
		"mem": func(*testing.T) ground { return memory{new(mem.Backend)} },
		"fs":  func(t *testing.T) ground { return disk{t.TempDir()} },
	}
}

type memory struct{ store *mem.Backend }

func (m memory) open() (backend.Backend, error) { return m.store, nil }

func (m memory) after(killed bool) (ground, error) {
	if killed {
		return memory{m.store.Crash(mem.Loss{})}, nil
	}
	return m, nil
}

func (m memory) swept(_ context.Context, killed bool) error {
	if left := m.store.Unfinished(); !killed && len(left) > 0 {
		return fmt.Errorf("%w, unfinished: %q", scenario.ErrLeft, left)
	}
	return nil
}

// disk is a directory of this machine.
type disk struct{ dir string }

func (d disk) open() (backend.Backend, error) { return localfs.New(d.dir) }

// after copies the files of a killed process: its locks ended with it, and in this
// process they did not.
func (d disk) after(killed bool) (ground, error) {
	if !killed {
		return d, nil
	}
	dir := d.dir + "-after"
	return disk{dir}, os.CopyFS(dir, os.DirFS(d.dir))
}

func (d disk) swept(ctx context.Context, killed bool) error {
	b, err := localfs.New(d.dir)
	if err != nil {
		return err
	}
	defer b.Close()
	if killed {
		_, err = b.Sweep(ctx, "", 0)
	}
	files := 0
	walked := iofs.WalkDir(os.DirFS(d.dir), ".", func(_ string, entry iofs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			files++
		}
		return err
	})
	if files > 0 {
		err = errors.Join(err, fmt.Errorf("%d files are left", files))
	}
	return errors.Join(err, walked)
}

// place returns the place of a play on the store that open gives.
func place(open func() (backend.Backend, error)) scenario.Place {
	registry := new(backend.Registry)
	registry.Register(func(context.Context, backend.Root) (backend.Backend, error) { return open() }, "far")
	return scenario.Place{Registry: registry, Base: "far://store/ck", Large: 10_000}
}
