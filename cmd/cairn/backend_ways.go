package main

import (
	"context"
	"errors"
	"fmt"
	"net/http/httptrace"
	"sync/atomic"

	"github.com/cairnstate/cairn/storage/backend"
)

// inOneGo is how many keys are deleted to see how it is done: fewer than any store
// takes with a request.
const inOneGo = 20

// tellWays says of what our backends do in one way or another how this store has it
// done. The promise is the same; whoever pays for requests or bytes wants to know.
// Of what fails here nothing is said: failures are what the checks are for.
func (r *verifyReport) tellWays(ctx context.Context, target *verifyTarget) {
	for i := range r.Promises {
		switch r.Promises[i].Topic {
		case "batch delete":
			r.Promises[i].How = target.wayOfDeleting(ctx)
		case "copy":
			r.Promises[i].How = target.wayOfCopying(ctx)
		}
	}
}

// wayOfDeleting deletes what is not there, and counts.
func (t *verifyTarget) wayOfDeleting(ctx context.Context) string {
	keys := make([]string, inOneGo)
	for i := range keys {
		keys[i] = fmt.Sprintf("%s/absent-%d", t.dir, i)
	}
	ctx, sent := countRequests(ctx)
	if err := backend.DeleteAll(ctx, t.backend, keys); err != nil {
		return ""
	}
	switch n := int(sent.Load()); {
	case n == 0: // nobody saw how
		return ""
	case n < len(keys):
		return fmt.Sprintf("%s for %d keys", count(n, "request"), len(keys))
	default:
		return fmt.Sprintf("one by one, %d requests for %d keys", n, len(keys))
	}
}

// wayOfCopying asks the store itself to copy.
func (t *verifyTarget) wayOfCopying(ctx context.Context) string {
	from, to := t.dir+"/from", t.dir+"/to"
	if err := t.write(ctx, from, 1, backend.Writer.Commit); err != nil {
		return ""
	}
	err := errors.ErrUnsupported
	if copier, ok := t.backend.(backend.Copier); ok {
		err = copier.Copy(ctx, from, to, nil)
	}
	_ = backend.DeleteAll(ctx, t.backend, []string{from, to}) // the end sweeps, too
	if errors.Is(err, errors.ErrUnsupported) {
		return "read and written again, through this process"
	}
	return ""
}

// countRequests returns a context that counts the HTTP requests made with it, those
// that are repeated included.
func countRequests(ctx context.Context) (context.Context, *atomic.Int64) {
	sent := new(atomic.Int64)
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		WroteRequest: func(httptrace.WroteRequestInfo) { sent.Add(1) },
	}), sent
}
