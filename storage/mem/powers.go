package mem

import (
	"context"
	"errors"
	"slices"

	"github.com/cairnstate/cairn/storage/backend"
)

// DeleteAll removes the objects in one step, unless a key is none.
func (b *Backend) DeleteAll(ctx context.Context, keys []string) error {
	if err := ctx.Err(); err != nil {
		return b.fail("delete", "", err)
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	var failed []error
	for _, key := range keys {
		if !backend.ValidKey(key) {
			failed = append(failed, b.fail("delete", key, errInvalidKey))
			continue
		}
		b.remove(key)
	}
	return errors.Join(failed...)
}

// Copy makes one object what the other is. They share their bytes, which nobody
// changes.
func (b *Backend) Copy(ctx context.Context, from, to string, opts *backend.CreateOptions) error {
	o, err := b.lookup(ctx, "copy", from)
	if err != nil {
		return err
	}
	if err := b.check(ctx, "copy", to); err != nil {
		return err
	}
	return b.publish("copy", to, o.data, opts != nil && opts.IfAbsent)
}

// Swap replaces the object if its version is old. Versions are numbers that a
// store uses once.
func (b *Backend) Swap(ctx context.Context, key, old string, data []byte) (string, error) {
	if err := b.check(ctx, "swap", key); err != nil {
		return "", err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.objects[key].version != old { // which is empty if there is none
		return "", b.fail("swap", key, backend.ErrChanged)
	}
	return b.put(key, slices.Clone(data)), nil
}
