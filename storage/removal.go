package storage

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"sync"

	"github.com/cairnstate/cairn/storage/backend"
)

const (
	batchSize     = 1000 // what S3 deletes with one request, and lists with one
	batchesAtOnce = 4
)

// removal deletes objects in batches. While some batches are being deleted the next
// one fills, so a listing that feeds it does not wait for answers. It holds few
// batches at a time, whatever there is to delete.
type removal struct {
	ctx     context.Context
	backend backend.Backend
	batch   []string
	slots   chan struct{}
	running sync.WaitGroup

	mu   sync.Mutex
	errs []error // guarded by mu
}

func newRemoval(ctx context.Context, b backend.Backend) *removal {
	return &removal{ctx: ctx, backend: b, slots: make(chan struct{}, batchesAtOnce)}
}

// addAll adds keys until they end in an error, which counts as one of the removal's.
// What had not been sent by then is not: the error may say that it must stay.
func (r *removal) addAll(keys iter.Seq2[string, error]) {
	for key, err := range keys {
		if err != nil {
			r.fail(err)
			r.batch = nil
			return
		}
		r.add(key)
	}
}

func (r *removal) add(key string) {
	r.batch = append(r.batch, key)
	if len(r.batch) == batchSize {
		r.send()
	}
}

// send begins to delete the batch. After a failure the other batches go on, as
// those of [backend.DeleteAll] do; after the end of the context nothing does.
func (r *removal) send() {
	batch := r.batch
	r.batch = nil
	if len(batch) == 0 {
		return
	}
	r.slots <- struct{}{}
	r.running.Go(func() {
		defer func() { <-r.slots }()
		if r.ctx.Err() != nil {
			r.fail(context.Cause(r.ctx))
			return
		}
		r.fail(backend.DeleteAll(r.ctx, r.backend, batch))
	})
}

func (r *removal) fail(err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if err != nil {
		r.errs = append(r.errs, err)
	}
}

// wait deletes what was added and returns what failed.
func (r *removal) wait() error {
	r.send()
	r.running.Wait()
	if len(r.errs) == 0 {
		return nil
	}
	return fmt.Errorf("%w; what is left can be deleted by doing it again", errors.Join(r.errs...))
}
