package s3

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"github.com/cairnstate/cairn/storage/backend"
	"github.com/cairnstate/cairn/storage/internal/cause"
)

const (
	batchSize     = 1000 // what a DeleteObjects may name
	batchesAtOnce = 4
	singlesAtOnce = 16
)

// DeleteAll deletes the objects, a thousand by each DeleteObjects and some of
// these at once; one by one where the store has no such request, and those whose
// keys XML cannot hold.
func (b *Backend) DeleteAll(ctx context.Context, keys []string) error {
	batched, single, invalid := sortOut(keys)
	failed := &failures{}
	for _, key := range invalid {
		failed.add(b.fail(ctx, "delete", key, errInvalidKey))
	}
	if len(batched)+len(single) == 0 {
		return failed.join()
	}
	calls, err := b.beginWrite(ctx, "delete", (append(batched, single...))[0])
	if err != nil {
		if typed, ok := errors.AsType[*backend.Error](err); ok {
			typed.Key = "" // it holds for all
		}
		return err
	}
	each(batchesAtOnce, slices.Collect(slices.Chunk(batched, batchSize)), func(batch []string) { b.deleteBatch(ctx, calls, batch, failed) })
	b.deleteEach(ctx, calls, single, failed)
	return failed.join()
}

// sortOut tells the keys that XML can hold from the others.
func sortOut(keys []string) (batched, single, invalid []string) {
	for _, key := range keys {
		switch {
		case !backend.ValidKey(key):
			invalid = append(invalid, key)
		case strings.ContainsFunc(key, func(r rune) bool { return r < ' ' || r == '\uFFFE' || r == '\uFFFF' }):
			single = append(single, key)
		default:
			batched = append(batched, key)
		}
	}
	return batched, single, invalid
}

// deleteBatch deletes a batch with one request.
func (b *Backend) deleteBatch(ctx context.Context, calls *calls, keys []string, failed *failures) {
	objects := make([]types.ObjectIdentifier, len(keys))
	for i := range keys {
		objects[i].Key = &keys[i]
	}
	out, err := calls.api.DeleteObjects(ctx, &s3.DeleteObjectsInput{
		Bucket: &b.bucket, Delete: &types.Delete{Objects: objects, Quiet: aws.Bool(true)},
	}, withMD5)
	if unimplemented(err) {
		b.deleteEach(ctx, calls, keys, failed)
		return
	}
	if err != nil {
		for _, key := range keys {
			failed.add(b.fail(ctx, "delete", key, err))
		}
		return
	}
	for _, refused := range out.Errors {
		if err := explainKey(refused); !errors.Is(err, fs.ErrNotExist) {
			failed.add(b.fail(ctx, "delete", aws.ToString(refused.Key), err))
		}
	}
}

func (b *Backend) deleteEach(ctx context.Context, calls *calls, keys []string, failed *failures) {
	each(singlesAtOnce, keys, func(key string) {
		if ctx.Err() != nil {
			failed.add(b.fail(ctx, "delete", key, ctx.Err()))
		} else if err := b.delete(ctx, calls, key); err != nil {
			failed.add(err)
		}
	})
}

// withMD5 adds the checksum that stores want which know no other.
func withMD5(o *s3.Options) {
	if o.BaseEndpoint != nil {
		o.APIOptions = append(o.APIOptions, smithyhttp.AddContentChecksumMiddleware)
	}
}

// unimplemented says whether the store does not know the request.
func unimplemented(err error) bool {
	code, _ := apiError(err)
	return code == "NotImplemented" || status(err) == http.StatusNotImplemented || status(err) == http.StatusMethodNotAllowed
}

// explainKey explains why one key of a batch was not deleted.
func explainKey(refused types.Error) error {
	code := aws.ToString(refused.Code)
	said := fmt.Sprintf("%s (%s)", orElse(aws.ToString(refused.Message), "no reason given"), code)
	sdk := errors.New(code)
	switch {
	case code == "NoSuchKey", code == "NoSuchVersion":
		return cause.New("no such object", fs.ErrNotExist, sdk)
	case code == "AccessDenied":
		return cause.New("access denied: "+said, fs.ErrPermission, sdk)
	case throttled(0, code):
		return cause.New("the store is overloaded: "+said, backend.ErrThrottled, sdk)
	case code == "InternalError":
		return cause.New("the store answered: "+said, backend.ErrTransient, sdk)
	}
	return cause.New("the store answered: "+said, nil, sdk)
}

// failures collects errors from many goroutines.
type failures struct {
	mu   sync.Mutex
	errs []error // guarded by mu
}

func (f *failures) add(err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.errs = append(f.errs, err)
}

// join returns them as one; it is called when nobody adds any more.
func (f *failures) join() error { return errors.Join(f.errs...) }

// each does something with each item, so many at once.
func each[T any](atOnce int, items []T, do func(T)) {
	var done sync.WaitGroup
	next := make(chan T)
	for range min(atOnce, len(items)) {
		done.Go(func() {
			for item := range next {
				do(item)
			}
		})
	}
	for _, item := range items {
		next <- item
	}
	close(next)
	done.Wait()
}
