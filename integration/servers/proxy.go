package servers

import (
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"slices"
	"sync"
	"testing"
)

// Proxy stands before a server and notes each request. It can hold requests
// back, to prove that some are sent together. It is safe for use by many
// goroutines at once.
type Proxy struct {
	Endpoint string // "http://127.0.0.1:34567"

	mu       sync.Mutex
	requests []string // "GET /bucket/key"
	rounds   []int    // how many requests are still to be held together, round by round
	held     int      // how many of the present round are held
	release  chan struct{}
}

// StartProxy runs a proxy before the server at endpoint until the test ends.
func StartProxy(t testing.TB, endpoint string) *Proxy {
	t.Helper()
	target, err := url.Parse(endpoint)
	if err != nil {
		t.Fatal(err)
	}
	forward := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(target)
		r.Out.Host = r.In.Host // it is signed
	}}
	p := &Proxy{release: make(chan struct{})}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		select {
		case <-p.note(r):
			forward.ServeHTTP(w, r)
		case <-r.Context().Done(): // the client gave up on a round that never filled
		}
	}))
	t.Cleanup(server.Close)
	p.Endpoint = server.URL
	return p
}

// Expect forgets the requests so far, and makes the coming ones come in rounds of
// these sizes: the requests of a round wait for each other before the server sees
// any. A client that sends them one after the other waits until its context ends.
// Requests beyond the rounds pass at once.
func (p *Proxy) Expect(rounds ...int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.requests, p.rounds, p.held = nil, slices.Clone(rounds), 0
	p.release = make(chan struct{})
}

// Requests returns the requests since Expect, in the order in which they came.
func (p *Proxy) Requests() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.requests)
}

// note writes a request down and returns what it must wait for.
func (p *Proxy) note(r *http.Request) <-chan struct{} {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.requests = append(p.requests, r.Method+" "+r.URL.Path)
	if len(p.rounds) == 0 {
		return open()
	}
	release := p.release
	if p.held++; p.held == p.rounds[0] {
		close(release)
		p.rounds, p.held, p.release = p.rounds[1:], 0, make(chan struct{})
	}
	return release
}

// open returns a channel that holds nobody back.
func open() <-chan struct{} {
	c := make(chan struct{})
	close(c)
	return c
}
