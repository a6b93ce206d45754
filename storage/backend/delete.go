package backend

import (
	"context"
	"errors"
	"sync"
)

// BatchDeleter is a Backend that deletes many objects with few requests. Use
// [DeleteAll].
type BatchDeleter interface {
	// DeleteAll deletes the objects, in any order; those that are not there are
	// deleted. It goes on after a failure. The error joins an *[Error] for each key
	// that may still be there, or is one without a key that holds for all of them.
	DeleteAll(ctx context.Context, keys []string) error
}

// deletesAtOnce is how many objects are deleted at once where there is no other
// way: what one connection pool holds.
const deletesAtOnce = 16

// DeleteAll deletes the objects, in any order, with few requests if the backend
// is a [BatchDeleter], else with as many as there are keys, some of them at once.
// It promises what that interface does. Deleting again after a failure is safe.
func DeleteAll(ctx context.Context, b Backend, keys []string) error {
	if batch, ok := b.(BatchDeleter); ok {
		return batch.DeleteAll(ctx, keys)
	}
	failed := make([]error, len(keys))
	var done sync.WaitGroup
	next := make(chan int)
	for range min(deletesAtOnce, len(keys)) {
		done.Go(func() {
			for i := range next {
				failed[i] = b.Delete(ctx, keys[i])
			}
		})
	}
	for i := range keys {
		next <- i
	}
	close(next)
	done.Wait()
	return errors.Join(failed...)
}
