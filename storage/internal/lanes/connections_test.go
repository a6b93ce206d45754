package lanes_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// There are never more connections than allowed, and who waits gets his turn.
func TestConnectionsAreBounded(t *testing.T) {
	var open, most atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		for now := open.Add(1); ; {
			seen := most.Load()
			if now <= seen || most.CompareAndSwap(seen, now) {
				break
			}
		}
		time.Sleep(time.Millisecond)
		open.Add(-1)
		fmt.Fprint(w, "hello")
	}))
	defer server.Close()
	transport := over(t, atMost(3))
	var done sync.WaitGroup
	for range 30 {
		done.Go(func() {
			for range 10 {
				if got, err := get(t, transport, server.URL); got != "hello" || err != nil {
					t.Errorf("got %q, %v", got, err)
				}
			}
		})
	}
	done.Wait()
	if most.Load() != 3 {
		t.Errorf("%d requests at once, 3 are allowed and wanted", most.Load())
	}
}

// Who stops waiting for a connection leaves it to the next.
func TestWhoLeavesTheQueueTakesNothingAlong(t *testing.T) {
	server := serveRaw(t, answers(hello))
	transport := over(t, atMost(1))
	for range 50 {
		holder, err := transport.RoundTrip(newRequest(context.Background(), t, http.MethodGet, server.url(), nil))
		if err != nil {
			t.Fatal(err)
		}
		reason := errors.New("enough")
		ctx, cancel := context.WithCancelCause(context.Background())
		var done sync.WaitGroup
		done.Go(func() {
			response, err := transport.RoundTrip(newRequest(ctx, t, http.MethodGet, server.url(), nil))
			if err == nil {
				response.Body.Close()
			} else if !errors.Is(err, reason) {
				t.Errorf("error %v", err)
			}
		})
		done.Go(func() {
			if got, err := get(t, transport, server.url()); got != "hello" || err != nil {
				t.Errorf("got %q, %v", got, err)
			}
		})
		done.Go(func() { cancel(reason) })
		done.Go(func() { _, _ = io.Copy(io.Discard, holder.Body); holder.Body.Close() })
		done.Wait()
	}
}

// A server may close an idle connection at any time, and nobody need know.
func TestClosedIdleConnectionsAreNoError(t *testing.T) {
	server := serveRaw(t, func(_ int, conn net.Conn, in *bufio.Reader) {
		if _, err := readRequest(in); err == nil {
			_, _ = io.WriteString(conn, hello) // and closes
		}
	})
	transport := over(t)
	for i := range 20 {
		for _, method := range []string{http.MethodGet, http.MethodPut} {
			r := newRequest(context.Background(), t, method, server.url(), nil)
			if method == http.MethodPut {
				r.Body, r.ContentLength = io.NopCloser(strings.NewReader("x")), 1
			}
			if got := outcomeOf(t, transport, r); got.Body != "hello" {
				t.Fatalf("%s %d: %+v", method, i, got)
			}
			eventually(t, func() bool { return server.open.Load() == 0 }, "the server has closed it")
		}
	}
}

// What nobody uses is closed after a while, and when told to; what is in use then, when
// it is no more.
func TestIdleConnections(t *testing.T) {
	server := serveRaw(t, answers(hello))
	none := func() bool { return server.open.Load() == 0 }
	t.Run("for long", func(t *testing.T) {
		transport := over(t, func(b *http.Transport) { b.IdleConnTimeout = 50 * time.Millisecond })
		for range 3 {
			if _, err := get(t, transport, server.url()); err != nil {
				t.Fatal(err)
			}
			eventually(t, none, "it is closed")
		}
	})
	t.Run("when told to", func(t *testing.T) {
		transport := over(t)
		held, err := transport.RoundTrip(newRequest(context.Background(), t, http.MethodGet, server.url(), nil))
		if err != nil {
			t.Fatal(err)
		}
		defer held.Body.Close()
		if _, err := get(t, transport, server.url()); err != nil {
			t.Fatal(err)
		}
		transport.CloseIdleConnections()
		eventually(t, func() bool { return server.open.Load() == 1 }, "one is left")
		if _, err := io.ReadAll(held.Body); err != nil {
			t.Error(err)
		}
		eventually(t, none, "the other is closed, too")
	})
	t.Run("and then goes on", func(t *testing.T) {
		transport := over(t, atMost(1))
		for range 3 {
			before := server.opened.Load()
			for range 3 {
				if got, err := get(t, transport, server.url()); got != "hello" || err != nil {
					t.Fatalf("got %q, %v", got, err)
				}
			}
			if opened := server.opened.Load() - before; opened != 1 {
				t.Errorf("%d connections for three requests", opened)
			}
			transport.CloseIdleConnections()
		}
	})
}

// A body that is closed before its end takes its connection along, and whoever reads it
// returns.
func TestClosingABody(t *testing.T) {
	server := serveRaw(t, func(_ int, conn net.Conn, in *bufio.Reader) {
		_, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhello")
		_, _ = io.Copy(io.Discard, in)
	})
	response, err := over(t).RoundTrip(newRequest(context.Background(), t, http.MethodGet, server.url(), nil)) //nolint:bodyclose // that is what it is about
	if err != nil {
		t.Fatal(err)
	}
	body := response.Body
	defer body.Close()
	read := make(chan error)
	go func() {
		_, err := io.ReadAll(body)
		read <- err
	}()
	time.Sleep(20 * time.Millisecond)
	for range 2 {
		if err := body.Close(); err != nil {
			t.Error(err)
		}
	}
	if err := <-read; !errors.Is(err, http.ErrBodyReadAfterClose) {
		t.Errorf("error %v", err)
	}
	if _, err := body.Read(make([]byte, 1)); !errors.Is(err, http.ErrBodyReadAfterClose) {
		t.Errorf("error %v", err)
	}
	eventually(t, func() bool { return server.open.Load() == 0 }, "the connection is closed")
}

// A server that nobody reaches is an error of the dialer, and costs no permit.
func TestNobodyThere(t *testing.T) {
	refused := errors.New("refused")
	transport := over(t, atMost(1), func(b *http.Transport) {
		b.DialContext = func(context.Context, string, string) (net.Conn, error) { return nil, refused }
	})
	for range 3 {
		if _, err := get(t, transport, "http://store"); !errors.Is(err, refused) {
			t.Errorf("error %v", err)
		}
	}
}
