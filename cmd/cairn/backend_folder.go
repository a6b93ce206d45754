package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path"

	"github.com/cairnstate/cairn/storage/backend"
)

// askable refuses what would be answered without asking what the user means: a
// folder that is not there, and to write where the URL forbids it. fs would make the
// folder, and so a wrong name, or a disk that is not mounted, would be told that it
// keeps everything.
func (t *verifyTarget) askable(opts *verifyOptions) error {
	if backend.LimitsOf(t.backend).ReadOnly && !opts.readOnly {
		return usageError(errors.New("the URL says read-only=true, and what checkpoints need is found out by writing: leave it out, or ask with --read-only"))
	}
	if t.root.Scheme != "file" {
		return nil
	}
	there := t.named
	if opts.readOnly {
		there = t.below
	}
	t.findMade()
	return isFolder("/" + there)
}

// holdsSomething refuses to call a store good of which nothing could be read.
func (t *verifyTarget) holdsSomething(ctx context.Context) error {
	for _, err := range t.backend.List(ctx, t.below) {
		return err
	}
	return fmt.Errorf("backend verify: nothing is in %s, so that there is nothing to read: name a directory that holds objects, or ask without --read-only", t)
}

func isFolder(name string) error {
	stat, err := os.Stat(name)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return fmt.Errorf("backend verify: there is no directory %s: is the disk mounted? If it is, mkdir it first", name)
	case err != nil:
		return fmt.Errorf("backend verify: %w", err)
	case !stat.IsDir():
		return fmt.Errorf("backend verify: %s is a file: name the directory that checkpoints will be in", name)
	}
	return nil
}

// findMade notes which directories of --below are not there yet, the lowest first.
func (t *verifyTarget) findMade() {
	for dir := t.below; len(dir) > len(t.named); dir = path.Dir(dir) {
		if _, err := os.Lstat("/" + dir); errors.Is(err, os.ErrNotExist) {
			t.made = append(t.made, dir)
		}
	}
}

// removeMade removes them, unless somebody has put something there meanwhile.
func (t *verifyTarget) removeMade() {
	for _, dir := range t.made {
		_ = os.Remove("/" + dir)
	}
}
