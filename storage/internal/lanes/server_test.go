package lanes_test

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/cairnstate/cairn/storage/internal/lanes"
)

// raw is a server that speaks bytes. What each connection does is up to the test.
type raw struct {
	net.Listener
	opened atomic.Int32
	open   atomic.Int32
	done   sync.WaitGroup

	mu    sync.Mutex
	conns []net.Conn
}

// serveRaw starts a server that handles each connection, of which number counts from
// one, until that returns.
func serveRaw(t testing.TB, handle func(number int, conn net.Conn, in *bufio.Reader)) *raw {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &raw{Listener: listener}
	s.done.Go(func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			number := int(s.opened.Add(1))
			s.open.Add(1)
			s.mu.Lock()
			s.conns = append(s.conns, conn)
			s.mu.Unlock()
			s.done.Go(func() {
				defer s.open.Add(-1)
				defer conn.Close()
				handle(number, conn, bufio.NewReader(conn))
			})
		}
	})
	t.Cleanup(func() {
		listener.Close()
		s.mu.Lock()
		for _, conn := range s.conns {
			conn.Close()
		}
		s.mu.Unlock()
		s.done.Wait()
	})
	return s
}

func (s *raw) url() string { return "http://" + s.Addr().String() }

// answers reads requests and answers each with the text, until the client leaves.
func answers(text string) func(int, net.Conn, *bufio.Reader) {
	return func(_ int, conn net.Conn, in *bufio.Reader) {
		for {
			if _, err := readRequest(in); err != nil {
				return
			}
			if _, err := io.WriteString(conn, text); err != nil {
				return
			}
		}
	}
}

// readRequest reads a request, and its body.
func readRequest(in *bufio.Reader) (*http.Request, error) {
	r, err := http.ReadRequest(in)
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(r.Body)
	r.Body = io.NopCloser(strings.NewReader(string(body)))
	return r, err
}

// base is a transport as a user of lanes would make it.
func base(change ...func(*http.Transport)) *http.Transport {
	b := &http.Transport{DialContext: new(net.Dialer).DialContext, Protocols: new(http.Protocols), DisableCompression: true}
	b.Protocols.SetHTTP1(true)
	for _, c := range change {
		c(b)
	}
	return b
}

// over returns a transport that is closed with the test.
func over(t testing.TB, change ...func(*http.Transport)) *lanes.Transport {
	made := lanes.Over(base(change...))
	t.Cleanup(made.CloseIdleConnections)
	return made
}

func atMost(connections int) func(*http.Transport) {
	return func(b *http.Transport) { b.MaxConnsPerHost, b.MaxIdleConnsPerHost = connections, connections }
}

func newRequest(ctx context.Context, t testing.TB, method, url string, body io.Reader) *http.Request {
	t.Helper()
	r, err := http.NewRequestWithContext(ctx, method, url, body)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// get makes a request and reads all of its answer.
func get(t testing.TB, transport http.RoundTripper, url string) (string, error) {
	t.Helper()
	response, err := transport.RoundTrip(newRequest(context.Background(), t, http.MethodGet, url, nil))
	if err != nil {
		return "", err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	return string(body), err
}

// eventually waits until it holds.
func eventually(t testing.TB, holds func() bool, what string) {
	t.Helper()
	for range 500 {
		if holds() {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatalf("five seconds later it still does not hold that %s", what)
}

// echo is a server whose answer is the body of the request.
func echo(t testing.TB) *httptest.Server {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if body, err := io.ReadAll(r.Body); err == nil {
			_, _ = w.Write(body)
		}
	}))
	t.Cleanup(server.Close)
	return server
}
