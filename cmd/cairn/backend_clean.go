package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"time"

	"github.com/cairnstate/cairn/storage/backend"
)

// cleaning is how long it may take to remove what is left after an interruption.
const cleaning = 30 * time.Second

// settling is how long a request may still take effect in the store whose sender
// was interrupted.
const settling = 2 * time.Second

// clean removes what is left in the directory: nothing, unless something failed or
// was interrupted. It returns the keys that it could not remove.
func (t *verifyTarget) clean(ctx context.Context) ([]string, error) {
	interrupted := ctx.Err() != nil
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), cleaning)
	defer cancel()
	left, err := t.sweep(ctx)
	if interrupted {
		<-time.After(settling)
		left, err = t.sweep(ctx)
	}
	if t.root.Scheme == "file" { // deleting a file leaves its directory
		err = errors.Join(err, os.RemoveAll("/"+t.dir))
		t.removeMade()
	}
	if len(left) == 0 { // who may not list has put nothing that was not deleted at once
		return nil, nil
	}
	return left, fmt.Errorf("cleaning up below %q, delete it by hand: %w", t.dir, err)
}

// sweep deletes what is in the directory, and returns what it could not delete.
func (t *verifyTarget) sweep(ctx context.Context) ([]string, error) {
	keys, err := t.written(ctx)
	if len(keys) == 0 {
		return nil, err
	}
	if err := backend.DeleteAll(ctx, t.backend, keys); err != nil {
		left, _ := t.written(ctx)
		return left, err
	}
	return nil, nil
}

// written lists what is in the directory.
func (t *verifyTarget) written(ctx context.Context) ([]string, error) {
	var keys []string
	for info, err := range t.backend.List(ctx, t.dir) {
		if err != nil {
			return keys, err
		}
		keys = append(keys, info.Key)
	}
	slices.Sort(keys)
	return keys, nil
}
