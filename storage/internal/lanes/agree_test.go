package lanes_test

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"hash/crc32"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
)

// outcome is what a client sees of an answer.
type outcome struct {
	Failed  bool
	Status  int
	Header  http.Header
	Length  int64
	Body    string
	Broken  bool // the body ended with an error
	Trailer http.Header
}

func outcomeOf(t testing.TB, transport http.RoundTripper, r *http.Request) outcome {
	t.Helper()
	response, err := transport.RoundTrip(r)
	if err != nil {
		return outcome{Failed: true}
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	return outcome{
		Status: response.StatusCode, Header: response.Header, Length: response.ContentLength,
		Body: string(body), Broken: err != nil, Trailer: response.Trailer,
	}
}

// whole are answers, each of which is all that a server says before it closes the
// connection.
func whole() map[string]string {
	return map[string]string{
		"plain":                 "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX-A: b\r\nX-A: c\r\n\r\nhello",
		"empty":                 "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
		"no content":            "HTTP/1.1 204 No Content\r\n\r\n",
		"not modified":          "HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n",
		"chunked":               "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n",
		"chunked and trailer":   "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-T\r\n\r\n5\r\nhello\r\n0\r\nX-T: u\r\n\r\n",
		"chunks of nonsense":    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\nhello\r\n0\r\n\r\n",
		"chunks that break":     "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel",
		"trailer that breaks":   "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n",
		"until the end":         "HTTP/1.1 200 OK\r\n\r\nhello",
		"old":                   "HTTP/1.0 200 OK\r\n\r\nhello",
		"old and kept":          "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 5\r\n\r\nhello",
		"closing":               "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 5\r\n\r\nhello",
		"short body":            "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello",
		"more than the body":    "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello, world",
		"two lengths":           "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!",
		"the same length":       "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\nhello",
		"no number of a length": "HTTP/1.1 200 OK\r\nContent-Length: five\r\n\r\nhello",
		"length and chunks":     "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
		"other encoding":        "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\nhello",
		"continue":              "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
		"hints":                 "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\nHTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
		"nothing but hints":     "HTTP/1.1 103 Early Hints\r\n\r\n",
		"nothing":               "",
		"no HTTP":               "SSH-2.0-OpenSSH_9.6\r\n",
		"no status":             "HTTP/1.1\r\n\r\n",
		"long status":           "HTTP/1.1 2000 OK\r\n\r\n",
		"status of letters":     "HTTP/1.1 abc OK\r\n\r\n",
		"no reason":             "HTTP/1.1 200\r\nContent-Length: 5\r\n\r\nhello",
		"other version":         "HTTP/9 200 OK\r\n\r\n",
		"header without colon":  "HTTP/1.1 200 OK\r\nNonsense\r\n\r\n",
		"header with space":     "HTTP/1.1 200 OK\r\nA B: c\r\nContent-Length: 0\r\n\r\n",
		"folded header":         "HTTP/1.1 200 OK\r\nA: b\r\n c\r\nContent-Length: 0\r\n\r\n",
		"broken head":           "HTTP/1.1 200 OK\r\nContent-Le",
		"broken first line":     "HTTP/1.1 20",
		"endless head":          "HTTP/1.1 200 OK\r\nA: " + strings.Repeat("a", 20<<20) + "\r\n\r\n",
		"endless hints":         strings.Repeat("HTTP/1.1 103 Early Hints\r\nA: "+strings.Repeat("a", 1000)+"\r\n\r\n", 20000),
		"error":                 "HTTP/1.1 503 Slow Down\r\nContent-Length: 5\r\n\r\nlater",
		"bare line feeds":       "HTTP/1.1 200 OK\nContent-Length: 5\n\nhello",
		"binary":                "HTTP/1.1 200 OK\r\nContent-Length: 256\r\n\r\n" + everyByte(),
	}
}

func everyByte() string {
	all := make([]byte, 256)
	for i := range all {
		all[i] = byte(i)
	}
	return string(all)
}

// What comes of an answer does not depend on which of both reads it.
func TestAnswersAreNetHTTPs(t *testing.T) {
	for name, text := range whole() {
		for _, method := range []string{http.MethodGet, http.MethodHead, http.MethodPut} {
			t.Run(name+"/"+method, func(t *testing.T) {
				server := serveRaw(t, func(_ int, conn net.Conn, in *bufio.Reader) {
					if _, err := readRequest(in); err == nil {
						_, _ = io.WriteString(conn, text)
					}
				})
				both(t, server.url(), method)
			})
		}
	}
}

// both makes a request by either, and compares.
func both(t testing.TB, url, method string) {
	t.Helper()
	theirs := base()
	defer theirs.CloseIdleConnections()
	want := outcomeOf(t, theirs, newRequest(context.Background(), t, method, url, nil))
	got := outcomeOf(t, over(t), newRequest(context.Background(), t, method, url, nil))
	if !reflect.DeepEqual(got, want) {
		t.Errorf("outcome %.300s, net/http's is %.300s", fmt.Sprintf("%+v", got), fmt.Sprintf("%+v", want))
	}
}

// Whether a connection is used again does not, either.
func TestConnectionsAreKeptAsNetHTTPKeepsThem(t *testing.T) {
	for _, name := range []string{
		"plain", "empty", "no content", "not modified", "chunked", "chunked and trailer", "old and kept", "closing",
		"more than the body", "length and chunks", "continue", "hints", "no reason", "error", "binary",
	} {
		t.Run(name, func(t *testing.T) {
			text := whole()[name]
			used := func(transport http.RoundTripper) int {
				server := serveRaw(t, answers(text))
				for range 2 {
					outcomeOf(t, transport, newRequest(context.Background(), t, http.MethodPut, server.url(), nil))
					time.Sleep(10 * time.Millisecond) // net/http keeps a connection when it gets round to it
				}
				return int(server.opened.Load())
			}
			theirs := base()
			defer theirs.CloseIdleConnections()
			if got, want := used(over(t)), used(theirs); got != want {
				t.Errorf("%d connections for two requests, net/http has %d", got, want)
			}
		})
	}
}

// FuzzAnswer has both read what no server would say.
func FuzzAnswer(f *testing.F) {
	for _, text := range whole() {
		if len(text) < 1<<10 {
			f.Add([]byte(text), false)
			f.Add([]byte(text), true)
		}
	}
	f.Fuzz(func(t *testing.T, text []byte, head bool) {
		method := http.MethodPut // which neither repeats
		if head {
			method = http.MethodHead
		}
		ask := func(transport http.RoundTripper) outcome {
			return outcomeOf(t, transport, newRequest(context.Background(), t, method, "http://store/k", nil))
		}
		pipe := func(b *http.Transport) {
			b.DialContext = func(context.Context, string, string) (net.Conn, error) {
				client, server := net.Pipe()
				go func() {
					defer server.Close()
					if _, err := readRequest(bufio.NewReader(server)); err == nil {
						_, _ = server.Write(text)
					}
				}()
				return client, nil
			}
		}
		theirs := base(pipe)
		defer theirs.CloseIdleConnections()
		want, got := ask(theirs), ask(over(t, pipe))
		if !reflect.DeepEqual(got, want) {
			t.Errorf("outcome %.300s, net/http's is %.300s", fmt.Sprintf("%+v", got), fmt.Sprintf("%+v", want))
		}
	})
}

// What a server gets does not depend on who wrote it.
func TestRequestsAreNetHTTPs(t *testing.T) {
	got := make(chan []byte, 1)
	server := serveRaw(t, func(_ int, conn net.Conn, in *bufio.Reader) {
		for {
			var text bytes.Buffer
			if _, err := readRequest(bufio.NewReader(io.TeeReader(in, &text))); err != nil {
				return
			}
			got <- text.Bytes()
			_, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
		}
	})
	ours, theirs := over(t), base()
	defer theirs.CloseIdleConnections()
	random := rand.New(rand.NewPCG(1, 2))
	for range 2000 {
		seed := random.Uint64()
		sent := func(transport http.RoundTripper) []string {
			response, err := transport.RoundTrip(randomRequest(t, rand.New(rand.NewPCG(seed, 0)), server.url()))
			if err != nil {
				return []string{"failed"}
			}
			response.Body.Close()
			return sorted(<-got)
		}
		if a, b := sent(ours), sent(theirs); !slices.Equal(a, b) {
			t.Fatalf("request\n%q\nnet/http writes\n%q", a, b)
		}
	}
}

// sorted returns the lines of a request, those of the header in order, and its body.
func sorted(text []byte) []string {
	head, body, _ := strings.Cut(string(text), "\r\n\r\n")
	lines := strings.Split(head, "\r\n")
	slices.Sort(lines[1:])
	return append(lines, fmt.Sprintf("%d bytes, %x", len(body), crc32.ChecksumIEEE([]byte(body))))
}

func randomRequest(t testing.TB, random *rand.Rand, to string) *http.Request {
	t.Helper()
	pick := func(from ...string) string { return from[random.IntN(len(from))] }
	method := pick("GET", "HEAD", "PUT", "POST", "DELETE", "PATCH", "OPTIONS")
	u, err := url.Parse(to + "/" + pick("", "a", "a%20b", "ä", "a//b", "a%2Fb", "a+b=c"))
	if err != nil {
		t.Fatal(err)
	}
	u.RawQuery = pick("", "", "uploads", "a=b&c=d%20e", "x=\u00e4", "a b", "a\nb")
	r := &http.Request{Method: method, URL: u, Header: http.Header{}, Host: pick("", "", "bucket.store:80", "ä.store", "a b", "[fe80::1%25eth0]:80")}
	for range random.IntN(5) {
		name := pick("X-Amz-Date", "Range", "Accept-Encoding", "User-Agent", "Content-Type", "x-lower", "Content-Length", "Host", "Bad Name", "Expect", "Trailer")
		r.Header[name] = append(r.Header[name], pick("", " a ", "a,  b", "identity", "a\tb", "ä", "bad\r\nvalue", "\x00"))
	}
	if size := random.IntN(4) * random.IntN(6000); size > 0 && method != "HEAD" {
		r.Body, r.ContentLength = io.NopCloser(strings.NewReader(strings.Repeat("x", size))), int64(size)
		if random.IntN(4) == 0 {
			r.ContentLength = -1
		}
	}
	return r.WithContext(context.Background())
}
