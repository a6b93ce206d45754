package s3

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/cairnstate/cairn/storage/internal/lanes"
)

// pair returns a connection made by dial, and its other end.
func pair(t *testing.T, dial dialer, listener net.Listener) (near, far net.Conn) {
	t.Helper()
	accepted := make(chan net.Conn, 1)
	go func() {
		if conn, err := listener.Accept(); err == nil {
			if secure, ok := conn.(*tls.Conn); ok {
				_ = secure.Handshake()
			}
			accepted <- conn
		}
	}()
	near, err := dial(t.Context(), "tcp", listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	far = <-accepted
	t.Cleanup(func() { near.Close(); far.Close() })
	return near, far
}

func listen(t *testing.T) net.Listener {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	return listener
}

func noise(n int) []byte {
	data := make([]byte, n)
	_, _ = rand.NewChaCha8([32]byte{7}).Read(data)
	return data
}

func fileOf(t *testing.T, data []byte) *os.File {
	t.Helper()
	name := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(name, data, 0o600); err != nil {
		t.Fatal(err)
	}
	file, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { file.Close() })
	return file
}

// A transport asks a connection to send a body by ReadFrom: whatever the source is,
// what arrives is its section, and the body is at its end.
func TestConnSends(t *testing.T) {
	data := noise(3 << 20)
	file := fileOf(t, data)
	for scheme, dial := range map[string]dialer{"plain": direct(nil), "tls": securedBy(t)} {
		for name, from := range map[string]io.ReaderAt{"file": file, "memory": memory(data), "section": io.NewSectionReader(file, 0, 3<<20)} {
			t.Run(scheme+" "+name, func(t *testing.T) {
				listener := listen(t)
				if scheme == "tls" {
					listener = tls.NewListener(listener, serverConfig(t))
				}
				near, far := pair(t, dial, listener)
				b := &body{source: source{from: from, at: 1000, size: 2 << 20}}
				go func() {
					n, err := near.(io.ReaderFrom).ReadFrom(io.LimitReader(b, b.size))
					if n != b.size || err != nil {
						t.Errorf("sent %d bytes: %v", n, err)
					}
					near.Close()
				}()
				got, err := io.ReadAll(far)
				if err != nil || !bytes.Equal(got, data[1000:1000+2<<20]) {
					t.Errorf("%d bytes arrived: %v", len(got), err)
				}
				if _, err := b.Read(make([]byte, 1)); err != io.EOF {
					t.Errorf("the body ends with %v", err)
				}
			})
		}
	}
}

// A file that ends early is said to, as an error of the source.
func TestSendFileEndsEarly(t *testing.T) {
	near, far := pair(t, direct(nil), listen(t))
	go func() { _, _ = io.Copy(io.Discard, far) }()
	b := &body{source: source{from: fileOf(t, noise(1000)), size: 5000}}
	n, err := near.(io.ReaderFrom).ReadFrom(io.LimitReader(b, 5000))
	if n != 1000 || !isSourceError(err) || !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("sent %d bytes: %v", n, err)
	}
}

// When a body is closed, whoever sends it stops, be it that the other side takes no
// more; and what the kernel cannot send is read instead.
func TestSendFileStops(t *testing.T) {
	near, far := pair(t, direct(nil), listen(t))
	b := &body{source: source{from: fileOf(t, make([]byte, 64<<20)), size: 64 << 20}}
	done := make(chan error, 1)
	go func() {
		_, err := near.(io.ReaderFrom).ReadFrom(io.LimitReader(b, b.size))
		done <- err
	}()
	if _, err := io.ReadFull(far, make([]byte, 1<<20)); err != nil {
		t.Fatal(err)
	}
	b.Close()
	near.Close()
	if err := <-done; err == nil {
		t.Error("all was sent")
	}
	directory, err := os.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer directory.Close()
	near, _ = pair(t, direct(nil), listen(t))
	_, err = near.(io.ReaderFrom).ReadFrom(io.LimitReader(&body{source: source{from: directory, size: 1}}, 1))
	if !isSourceError(err) {
		t.Errorf("a directory: %v", err)
	}
}

func serverConfig(t *testing.T) *tls.Config {
	t.Helper()
	server := httptest.NewUnstartedServer(nil)
	server.StartTLS()
	defer server.Close()
	return server.TLS
}

func securedBy(t *testing.T) dialer {
	t.Helper()
	config := &tls.Config{InsecureSkipVerify: true} //nolint:gosec // the other end is this test
	return secured(direct(nil), func() *tls.Config { return config }, time.Minute)
}

// counting counts what goes to the kernel.
type counting struct {
	net.Conn
	reads, writes atomic.Int32
}

func (c *counting) Read(p []byte) (int, error) {
	c.reads.Add(1)
	return c.Conn.Read(p)
}

func (c *counting) Write(p []byte) (int, error) {
	c.writes.Add(1)
	return c.Conn.Write(p)
}

// Many records travel together, in both directions at once, and nothing is kept
// back.
func TestTLSTravelsTogether(t *testing.T) {
	var counted *counting
	dial := func(ctx context.Context, network, address string) (net.Conn, error) {
		made, err := new(net.Dialer).DialContext(ctx, network, address)
		counted = &counting{Conn: made}
		return counted, err
	}
	config := &tls.Config{InsecureSkipVerify: true} //nolint:gosec // the other end is this test
	near, far := pair(t, secured(dial, func() *tls.Config { return config }, time.Minute), tls.NewListener(listen(t), serverConfig(t)))
	data := noise(4 << 20)
	go func() { _, _ = io.Copy(far, far) }()
	go func() {
		for rest, size := data, 1; len(rest) > 0; size = size*3 + 1 {
			size = min(size, len(rest))
			if _, err := near.Write(rest[:size]); err != nil {
				t.Error(err)
			}
			rest = rest[size:]
		}
	}()
	got := make([]byte, len(data))
	if _, err := io.ReadFull(near, got); err != nil || !bytes.Equal(got, data) {
		t.Fatalf("it came back changed: %v", err)
	}
	if records := len(data) / (16 << 10); int(counted.writes.Load()) > records/2 {
		t.Errorf("%d writes for %d records", counted.writes.Load(), records)
	}
}

// stuck is a connection whose Write, when it is on, lasts until it is closed.
type stuck struct {
	net.Conn
	on             atomic.Bool
	begun, ended   sync.Once
	writes, closed chan struct{}
}

func (s *stuck) Write(p []byte) (int, error) {
	if !s.on.Load() {
		return s.Conn.Write(p)
	}
	s.begun.Do(func() { close(s.writes) })
	<-s.closed
	return 0, net.ErrClosed
}

func (s *stuck) Close() error {
	s.ended.Do(func() { close(s.closed) })
	return s.Conn.Close()
}

// Close does not wait for a server that takes no more, as it would to say goodbye
// after what is being written.
func TestTLSClosesAtOnce(t *testing.T) {
	under := &stuck{writes: make(chan struct{}), closed: make(chan struct{})}
	dial := func(ctx context.Context, network, address string) (_ net.Conn, err error) {
		under.Conn, err = new(net.Dialer).DialContext(ctx, network, address)
		return under, err
	}
	config := &tls.Config{InsecureSkipVerify: true} //nolint:gosec // the other end is this test
	near, _ := pair(t, secured(dial, func() *tls.Config { return config }, time.Minute), tls.NewListener(listen(t), serverConfig(t)))
	under.on.Store(true)
	done := make(chan error, 1)
	go func() {
		_, err := near.Write(make([]byte, 64<<10))
		done <- err
	}()
	<-under.writes
	near.Close()
	if err := <-done; !errors.Is(err, net.ErrClosed) {
		t.Errorf("writing ended with %v", err)
	}
}

// A TLS connection is used again, and one that the server closed meanwhile is not,
// though it has said goodbye.
func TestTLSConnectionsAreKept(t *testing.T) {
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(w, r.Body)
	}))
	var opened atomic.Int32
	server.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			opened.Add(1)
		}
	}
	server.StartTLS()
	defer server.Close()
	config := server.Client().Transport.(*http.Transport).TLSClientConfig
	base := &http.Transport{}
	base.DialContext = direct(nil)
	base.DialTLSContext = secured(base.DialContext, func() *tls.Config { return config }, time.Minute)
	transport := lanes.Over(base)
	defer transport.CloseIdleConnections()
	for i := range 30 {
		if i == 20 {
			server.CloseClientConnections()
			time.Sleep(20 * time.Millisecond)
		}
		body := noise(1 << (i % 10))
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPut, server.URL, bytes.NewReader(body))
		response, err := transport.RoundTrip(r)
		if err != nil {
			t.Fatal(i, err)
		}
		if got, err := io.ReadAll(response.Body); err != nil || !bytes.Equal(got, body) {
			t.Fatalf("%d: got %d bytes of %d, %v", i, len(got), len(body), err)
		}
		response.Body.Close()
	}
	if opened.Load() != 2 {
		t.Errorf("%d connections, want one, and another after it was closed", opened.Load())
	}
}
