package lanes

import (
	"context"
	"errors"
	"io"
	"net/http"
	"sync/atomic"
	"syscall"
	"time"
)

// exchange is a request on a lane, and the body of its answer.
type exchange struct {
	lane    *lane
	ctx     context.Context
	unwatch func() bool // stops looking at ctx; false if it has ended
	sending *sending    // nil if the request went out at once
	body    io.Reader
	spent   bool // the lane cannot be used again

	ended  atomic.Bool // the lane is another's by now
	closed atomic.Bool
}

// do makes the request. The lane goes back to its pool when the body of the
// answer has been read, or closed, or if there is none.
func (l *lane) do(r *http.Request) (*http.Response, error) {
	l.begin()
	x := &exchange{lane: l, ctx: r.Context()}
	x.unwatch = context.AfterFunc(x.ctx, l.interrupt)
	response, err := x.roundTrip(r)
	if err != nil {
		err = x.explain(err)
		x.end(false)
		return nil, err
	}
	x.spent = response.Close || response.StatusCode == http.StatusSwitchingProtocols
	if response.Body == http.NoBody {
		x.end(true)
		return response, nil
	}
	x.body, response.Body = response.Body, x
	return response, nil
}

func (x *exchange) roundTrip(r *http.Request) (*http.Response, error) {
	if goesAtOnce(r, x.lane.out.Size()) {
		if err := x.lane.write(r); err != nil {
			return x.hear(r, err)
		}
		return x.lane.read(r)
	}
	x.sending = x.send(r)
	response, err := x.lane.read(r)
	if failed := x.sending.stopListening(x); failed != nil && err != nil {
		return nil, failed
	}
	return response, err
}

// goesAtOnce says whether a request goes out in one piece, so that nobody need listen
// meanwhile.
func goesAtOnce(r *http.Request, size int) bool {
	return !hasBody(r) || r.ContentLength <= int64(size)
}

// lastWords is how long a server whose connection broke is listened to: it may have
// said why before.
const lastWords = 100 * time.Millisecond

// hear looks for an answer to a request that could not be written.
func (x *exchange) hear(r *http.Request, failed error) (*http.Response, error) {
	if !isBroken(failed) || x.ctx.Err() != nil || x.lane.wasStale(r) {
		return nil, failed
	}
	x.wait(time.Now().Add(lastWords))
	response, err := x.lane.read(r)
	if err != nil {
		return nil, failed
	}
	x.wait(time.Time{})
	response.Close = true
	return response, nil
}

// wait sets until when the server is waited for, if the context has not ended, which
// goes before.
func (x *exchange) wait(until time.Time) {
	_ = x.lane.conn.SetReadDeadline(until)
	if x.ctx.Err() != nil {
		x.lane.interrupt()
	}
}

// isBroken says whether the server has hung up, and it is not the body that failed.
func isBroken(err error) bool {
	return errors.Is(err, syscall.EPIPE) || errors.Is(err, syscall.ECONNRESET)
}

// explain returns the reason of an error.
func (x *exchange) explain(err error) error {
	if x.ctx.Err() != nil {
		return context.Cause(x.ctx)
	}
	return err
}

// Read reads the body.
func (x *exchange) Read(p []byte) (int, error) {
	if x.closed.Load() {
		return 0, http.ErrBodyReadAfterClose
	}
	n, err := x.body.Read(p)
	if err == nil {
		return n, nil
	}
	if x.closed.Load() {
		return n, http.ErrBodyReadAfterClose
	}
	if err != io.EOF { //nolint:errorlint // what wraps it is an error
		err = x.explain(err)
	}
	x.end(err == io.EOF) //nolint:errorlint // as above
	return n, err
}

// Close ends the exchange. It has a reader return.
func (x *exchange) Close() error {
	x.closed.Store(true)
	x.end(false)
	return nil
}

// end gives the lane back, once. It can be used again if all of the answer was read.
func (x *exchange) end(all bool) {
	if !x.ended.CompareAndSwap(false, true) {
		return
	}
	untouched := x.unwatch()
	if all && untouched && !x.spent && (x.sending == nil || x.sending.hasGone()) {
		x.lane.pool.put(x.lane)
		return
	}
	x.lane.pool.drop(x.lane)
}
