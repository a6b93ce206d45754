package lanes_test

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httptrace"
	"net/url"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

const hello = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"

// Everybody gets the answer to what he asked, whatever others do to theirs: they
// leave in the middle, read half, or send what breaks off.
func TestNobodyGetsTheAnswerOfAnother(t *testing.T) {
	server := echo(t)
	transport := over(t, atMost(4))
	var done sync.WaitGroup
	var whole atomic.Int32
	for worker := range 16 {
		done.Go(func() {
			random := rand.New(rand.NewPCG(uint64(worker), 0))
			for i := range 150 {
				text := strings.Repeat(fmt.Sprintf("%d/%d ", worker, i), 1+random.IntN(20000))
				if ask(t, transport, server.URL, text, random.IntN(4)) {
					whole.Add(1)
				}
			}
		})
	}
	done.Wait()
	if whole.Load() < 16*150/5 {
		t.Errorf("only %d answers came whole", whole.Load())
	}
}

// ask has the server echo the text, and says whether all of it came.
func ask(t *testing.T, transport http.RoundTripper, to, text string, manner int) bool {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	var body io.Reader = strings.NewReader(text)
	switch manner {
	case 1:
		time.AfterFunc(time.Duration(len(text))*10*time.Nanosecond, cancel)
	case 2:
		body = io.MultiReader(strings.NewReader(text[:len(text)/2]), failing{})
	}
	r := newRequest(ctx, t, http.MethodPut, to, body)
	r.ContentLength = int64(len(text))
	response, err := transport.RoundTrip(r)
	if err != nil {
		if manner != 1 && manner != 2 {
			t.Error(err)
		}
		return false
	}
	defer response.Body.Close()
	if manner == 3 {
		text = text[:len(text)/2]
	}
	got := make([]byte, len(text))
	if _, err := io.ReadFull(response.Body, got); err != nil {
		if manner != 1 && manner != 2 {
			t.Error(err)
		}
		return false
	}
	if string(got) != text {
		t.Errorf("the answer is to %.20q, and %.20q was asked", got, text)
	}
	return manner == 0
}

var errTorn = errors.New("torn")

type failing struct{}

func (failing) Read([]byte) (int, error) { return 0, errTorn }

// The end of the context is noticed wherever a request is, and says why.
func TestContextEnds(t *testing.T) {
	silent := serveRaw(t, func(_ int, _ net.Conn, in *bufio.Reader) { _, _ = io.Copy(io.Discard, in) })
	deaf := serveRaw(t, func(_ int, conn net.Conn, _ *bufio.Reader) { time.Sleep(time.Second); conn.Close() })
	halting := serveRaw(t, func(_ int, conn net.Conn, in *bufio.Reader) {
		_, _ = io.WriteString(conn, hello[:len(hello)-2])
		_, _ = io.Copy(io.Discard, in)
	})
	for name, c := range map[string]struct {
		server *raw
		size   int
	}{
		"waiting for the answer": {silent, 0}, "waiting for that of a large body": {silent, 1 << 20},
		"sending": {deaf, 64 << 20}, "reading the body": {halting, 0},
	} {
		t.Run(name, func(t *testing.T) {
			reason := errors.New("enough")
			ctx, cancel := context.WithCancelCause(context.Background())
			defer cancel(nil)
			time.AfterFunc(30*time.Millisecond, func() { cancel(reason) })
			sent := &watched{Reader: bytes.NewReader(make([]byte, c.size))}
			r := newRequest(ctx, t, http.MethodPut, c.server.url(), sent)
			r.ContentLength = int64(c.size)
			begin := time.Now()
			response, err := over(t).RoundTrip(r)
			if err == nil {
				defer response.Body.Close()
				_, err = io.ReadAll(response.Body)
			}
			if !errors.Is(err, reason) {
				t.Errorf("error %v", err)
			}
			if took := time.Since(begin); took > 800*time.Millisecond {
				t.Errorf("it took %v", took)
			}
			eventually(t, sent.closed.Load, "the body is closed")
		})
	}
	eventually(t, func() bool { return silent.open.Load() == 0 && halting.open.Load() == 0 }, "no connection is left")
}

// A context that ends when all of its answer is there leaves the next request alone.
func TestContextEndsTooLate(t *testing.T) {
	server := serveRaw(t, answers(hello))
	transport := over(t)
	for range 300 {
		ctx, cancel := context.WithCancel(context.Background())
		response, err := transport.RoundTrip(newRequest(ctx, t, http.MethodPut, server.url(), nil))
		if err != nil {
			t.Fatal(err)
		}
		cancel()
		_, _ = io.Copy(io.Discard, response.Body)
		response.Body.Close()
	}
}

// watched is a body that knows whether it was closed.
type watched struct {
	io.Reader
	closed atomic.Bool
}

func (w *watched) Close() error { w.closed.Store(true); return nil }

// If the server closes the connection while the request is on its way, what only
// reads is asked again, and what changes something is not: the server may have done
// it.
func TestRepeatsWhatDoesNoHarm(t *testing.T) {
	for method, want := range map[string]int32{http.MethodGet: 2, http.MethodHead: 2, http.MethodPut: 1, http.MethodPost: 1, http.MethodDelete: 1} {
		t.Run(method, func(t *testing.T) {
			var arrived atomic.Int32
			server := serveRaw(t, func(number int, conn net.Conn, in *bufio.Reader) {
				for i := 0; ; i++ {
					r, err := readRequest(in)
					if err != nil {
						return
					}
					if r.URL.Path == "/late" {
						arrived.Add(1)
						if number == 1 {
							return
						}
					}
					_, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
				}
			})
			transport := over(t)
			if _, err := get(t, transport, server.url()); err != nil {
				t.Fatal(err)
			}
			got := outcomeOf(t, transport, newRequest(context.Background(), t, method, server.url()+"/late", nil))
			if arrived.Load() != want || got.Failed != (want == 1) {
				t.Errorf("it arrived %d times, and failed: %v", arrived.Load(), got.Failed)
			}
		})
	}
}

// What has begun to answer is not asked again: that there is an answer, and that it is
// torn, is what there is to know.
func TestTornAnswersAreErrors(t *testing.T) {
	server := serveRaw(t, func(_ int, conn net.Conn, in *bufio.Reader) {
		for {
			r, err := readRequest(in)
			if err != nil {
				return
			}
			if r.URL.Path == "/torn" {
				_, _ = io.WriteString(conn, hello[:len("HTTP/1.1 200 OK\r\n")])
				return
			}
			_, _ = io.WriteString(conn, hello)
		}
	})
	transport := over(t)
	if _, err := get(t, transport, server.url()); err != nil {
		t.Fatal(err)
	}
	if _, err := get(t, transport, server.url()+"/torn"); !errors.Is(err, io.ErrUnexpectedEOF) || server.opened.Load() != 1 {
		t.Errorf("error %v, after %d connections", err, server.opened.Load())
	}
}

// A connection that was closed at its first request is an error: it would not be
// better at the second.
func TestNoAnswer(t *testing.T) {
	server := serveRaw(t, func(_ int, _ net.Conn, in *bufio.Reader) { _, _ = readRequest(in) })
	_, err := get(t, over(t), server.url())
	if !errors.Is(err, io.EOF) || !strings.Contains(err.Error(), "without an answer") || server.opened.Load() != 1 {
		t.Errorf("error %v after %d connections", err, server.opened.Load())
	}
}

// An answer that does not wait for the end of the body is heard at once, whether the
// server goes on reading, or does not, or hangs up.
func TestEarlyAnswers(t *testing.T) {
	const refused = "HTTP/1.1 503 Slow Down\r\nContent-Length: 5\r\n\r\nlater"
	for name, after := range map[string]func(conn net.Conn, in *bufio.Reader){
		"reads on":        func(_ net.Conn, in *bufio.Reader) { _, _ = io.CopyN(io.Discard, in, 64<<20) },
		"does not":        func(net.Conn, *bufio.Reader) { time.Sleep(time.Second) },
		"hangs up":        func(net.Conn, *bufio.Reader) {},
		"closes its half": func(conn net.Conn, _ *bufio.Reader) { _ = conn.(*net.TCPConn).CloseWrite(); time.Sleep(time.Second) },
	} {
		t.Run(name, func(t *testing.T) {
			server := serveRaw(t, func(_ int, conn net.Conn, in *bufio.Reader) {
				if _, err := http.ReadRequest(in); err == nil {
					_, _ = io.WriteString(conn, refused)
					after(conn, in)
				}
			})
			sent := &watched{Reader: bytes.NewReader(make([]byte, 256<<20))}
			r := newRequest(context.Background(), t, http.MethodPut, server.url(), sent)
			r.ContentLength = 256 << 20
			begin := time.Now()
			got := outcomeOf(t, over(t), r)
			if got.Status != http.StatusServiceUnavailable || got.Body != "later" {
				t.Errorf("%+v", got)
			}
			if took := time.Since(begin); took > 800*time.Millisecond {
				t.Errorf("it took %v", took)
			}
			eventually(t, sent.closed.Load, "the body is closed")
			eventually(t, func() bool { return server.open.Load() == 0 }, "the connection is not kept")
		})
	}
}

// A server that hangs up before it has read all may have said why, and however long
// that takes, it is read.
func TestLastWords(t *testing.T) {
	for _, size := range []int{3000, 1 << 20} {
		t.Run(fmt.Sprint(size), func(t *testing.T) {
			server := serveRaw(t, func(_ int, conn net.Conn, in *bufio.Reader) {
				for {
					if _, err := http.ReadRequest(in); err != nil {
						return
					}
					_, _ = io.WriteString(conn, "HTTP/1.1 503 Slow Down\r\nContent-Length: 5\r\n\r\n")
					time.Sleep(250 * time.Millisecond)
					_, _ = io.WriteString(conn, "later")
				}
			})
			transport := over(t, func(b *http.Transport) {
				b.DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
					conn, err := new(net.Dialer).DialContext(ctx, network, address)
					return &torn{Conn: conn, left: 600}, err
				}
			})
			for i := range int32(2) {
				r := newRequest(context.Background(), t, http.MethodPut, server.url(), bytes.NewReader(make([]byte, size)))
				if got := outcomeOf(t, transport, r); got.Status != http.StatusServiceUnavailable || got.Body != "later" || got.Broken {
					t.Errorf("%+v", got)
				}
				if server.opened.Load() != i+1 {
					t.Error("a connection that broke was used again")
				}
			}
		})
	}
}

// torn is a connection that takes no more after some bytes.
type torn struct {
	net.Conn
	left int
}

func (c *torn) Write(p []byte) (int, error) {
	n, err := c.Conn.Write(p[:min(c.left, len(p))])
	if c.left -= n; n < len(p) && err == nil {
		err = &net.OpError{Op: "write", Net: "tcp", Err: os.NewSyscallError("write", syscall.EPIPE)}
	}
	return n, err
}

// An error of the body is the caller's, and comes back as it is, small or large.
func TestErrorsOfTheBody(t *testing.T) {
	server := serveRaw(t, answers(hello))
	for _, size := range []int{10, 3000, 1 << 20} {
		bodies := []io.Reader{
			io.MultiReader(bytes.NewReader(make([]byte, size/2)), failing{}),
			bytes.NewReader(make([]byte, size-1)),
		}
		if size < 1<<20 { // of a larger one the server has got what was announced, by then
			bodies = append(bodies, bytes.NewReader(make([]byte, size+1)))
		}
		for _, body := range bodies {
			r := newRequest(context.Background(), t, http.MethodPut, server.url(), io.NopCloser(body))
			r.ContentLength = int64(size)
			begin := time.Now()
			response, err := over(t).RoundTrip(r)
			if err == nil {
				response.Body.Close()
			}
			if !errors.Is(err, errTorn) && !errors.Is(err, io.ErrUnexpectedEOF) {
				t.Errorf("%d bytes: error %v", size, err)
			}
			if took := time.Since(begin); took > time.Second {
				t.Errorf("%d bytes: it took %v", size, took)
			}
		}
	}
	eventually(t, func() bool { return server.open.Load() == 0 }, "no connection is left")
}

// The head of an answer takes no more memory than it may.
func TestHeadsAreBounded(t *testing.T) {
	server := serveRaw(t, answers("HTTP/1.1 200 OK\r\nA: "+strings.Repeat("a", 5000)+"\r\nContent-Length: 5\r\n\r\nhello"))
	for limit, fails := range map[int64]bool{0: false, 6000: false, 5000: true} {
		_, err := get(t, over(t, func(b *http.Transport) { b.MaxResponseHeaderBytes = limit }), server.url())
		if (err != nil) != fails {
			t.Errorf("at most %d: %v", limit, err)
		}
	}
}

// What is not plain goes another way.
func TestTheRestIsTheBases(t *testing.T) {
	server := echo(t)
	proxied := atomic.Int32{}
	proxy := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { proxied.Add(1) }))
	defer proxy.Close()
	to, _ := url.Parse(proxy.URL)
	if _, err := get(t, over(t, func(b *http.Transport) { b.Proxy = http.ProxyURL(to) }), server.URL); err != nil || proxied.Load() != 1 {
		t.Errorf("the proxy saw %d requests; %v", proxied.Load(), err)
	}

	seen := false
	ctx := httptrace.WithClientTrace(context.Background(), &httptrace.ClientTrace{GotConn: func(httptrace.GotConnInfo) { seen = true }})
	response, err := over(t).RoundTrip(newRequest(ctx, t, http.MethodGet, server.URL, nil))
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	if !seen {
		t.Error("whoever traces saw nothing")
	}

	if got := outcomeOf(t, over(t), newRequest(context.Background(), t, http.MethodPut, server.URL, io.MultiReader(strings.NewReader("hello")))); got.Body != "hello" {
		t.Errorf("a body of unknown length came as %+v", got)
	}
}

// The old way to end a request still ends it.
func TestCancelOfOld(t *testing.T) {
	server := serveRaw(t, func(_ int, _ net.Conn, in *bufio.Reader) { _, _ = io.Copy(io.Discard, in) })
	r := newRequest(context.Background(), t, http.MethodGet, server.url(), nil)
	cancel := make(chan struct{})
	r.Cancel = cancel //nolint:staticcheck // that is what it is about
	time.AfterFunc(20*time.Millisecond, func() { close(cancel) })
	if got := outcomeOf(t, over(t), r); !got.Failed {
		t.Errorf("%+v", got)
	}
}

// What would be read as another request is not sent.
func TestNothingIsSmuggled(t *testing.T) {
	var sent atomic.Int32
	transport := over(t, func(b *http.Transport) {
		b.DialContext = func(context.Context, string, string) (net.Conn, error) {
			near, far := net.Pipe()
			go func() {
				n, _ := io.Copy(io.Discard, far)
				sent.Add(int32(n))
			}()
			return near, nil
		}
	})
	for name, spoil := range map[string]func(*http.Request){
		"query":  func(r *http.Request) { r.URL.RawQuery = "a HTTP/1.1\r\n\r\nGET /b" },
		"value":  func(r *http.Request) { r.Header["A"] = []string{"b\r\nC: d"} },
		"name":   func(r *http.Request) { r.Header["A: b\r\nC"] = []string{"d"} },
		"method": func(r *http.Request) { r.Method = "GET /b HTTP/1.1\r\n\r\nGET" },
		"opaque": func(r *http.Request) { r.URL.Opaque = "/a HTTP/1.1\r\n\r\nGET /b" },
	} {
		r := newRequest(context.Background(), t, http.MethodGet, "http://store/a", nil)
		spoil(r)
		if got := outcomeOf(t, transport, r); !got.Failed || sent.Load() != 0 {
			t.Errorf("%s: %+v, after %d bytes", name, got, sent.Load())
		}
	}
}
