package gcs

import (
	"cmp"
	"context"
	"errors"
	"sync/atomic"
	"time"

	"cloud.google.com/go/storage"
	"github.com/googleapis/gax-go/v2"
)

// Requests are repeated while the store may recover: by default after up to a quarter
// of a second, half of one, one, and two. Of itself the SDK would go on until the
// context ends, which for a mistyped endpoint is for ever.
const attempts = 5

func (o *Options) backoff() gax.Backoff {
	return gax.Backoff{
		Initial: cmp.Or(o.FirstPause, 250*time.Millisecond), Max: cmp.Or(o.LongestPause, 4*time.Second), Multiplier: 2,
	}
}

// transient reports whether the same request may succeed later.
func transient(err error) bool { return storage.ShouldRetry(err) || errors.Is(err, errShortBatch) }

func wait(ctx context.Context, pause time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(pause):
		return nil
	}
}

// object returns the handle of an object as all verbs use it.
func (b *Backend) object(api *storage.Client, key string) *storage.ObjectHandle {
	return b.handle(api).Object(key)
}

func (b *Backend) handle(api *storage.Client) *storage.BucketHandle {
	bucket := api.Bucket(b.bucket).Retryer(
		storage.WithBackoff(b.backoff),
		storage.WithMaxAttempts(attempts),
		// What we repeat has the same effect once or twice, or a token to tell.
		storage.WithPolicy(storage.RetryAlways),
	)
	if project := b.client.settings.userProject; project != "" {
		bucket = bucket.UserProject(project)
	}
	return bucket
}

// limit lets an upload repeat a request as often as other verbs do; the SDK's
// own limit does not hold there. What arrives in between begins the count anew.
type limit struct {
	failures atomic.Int32
	repeated atomic.Bool
}

func (l *limit) retry(err error) bool {
	again := storage.ShouldRetry(err) && l.failures.Add(1) < attempts
	if again {
		l.repeated.Store(true)
	}
	return again
}

func (l *limit) progress(int64) { l.failures.Store(0) }
