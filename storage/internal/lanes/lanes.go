// Package lanes is HTTP/1.1 without anybody in between: who makes a request writes it
// to the connection, reads the head of the answer, and whoever reads the body reads
// the connection.
//
// In package net/http each connection has two goroutines. A request is handed to one
// of them, and the answer comes from the other. Where the store is near and the
// object small, waking them takes a fifth of all that a client does. Here there is
// one only while a large body goes out, so that an answer that does not wait for its
// end is heard.
//
// How an answer is read is net/http's, a request looks as if net/http had written it,
// and it does write all requests that are not plain ones: see [Over].
package lanes

import (
	"net"
	"net/http"
	"net/url"
	"sync"
)

// Transport makes requests over lanes, which are connections that it keeps. It is
// safe for use by many goroutines at once.
type Transport struct {
	base *http.Transport

	mu    sync.Mutex
	pools map[server]*pool // guarded by mu
}

// server is whom a connection leads to.
type server struct{ scheme, host string }

// Over returns a transport that dials as the base does, keeps as many connections
// for each host, for as long, and reads and writes as much of them at once. What it
// does not do, it leaves to the base: a request that goes through a proxy, is traced
// or upgraded, has a body of unknown length, or has something wrong with it; and all
// requests of a base that makes a connection for each, bounds the time to the head of
// an answer, or has no dialer for the scheme. The base must not be changed any more.
func Over(base *http.Transport) *Transport {
	return &Transport{base: base, pools: map[server]*pool{}}
}

// RoundTrip makes a request, as [http.RoundTripper] says. One that meets a connection
// which the server has closed in the meantime is made again if that can do no harm.
func (t *Transport) RoundTrip(r *http.Request) (*http.Response, error) {
	if !t.takes(r) {
		return t.base.RoundTrip(r)
	}
	pool := t.poolOf(r.URL)
	for {
		l, err := pool.take(r.Context())
		if err != nil {
			if r.Body != nil {
				r.Body.Close()
			}
			return nil, err
		}
		response, err := l.do(r)
		if err == nil || !l.wasStale(r) {
			return response, err
		}
	}
}

// takes says whether the request is a plain one, to a server that is dialed as such.
func (t *Transport) takes(r *http.Request) bool {
	if !isPlain(r) {
		return false
	}
	dialer := t.base.DialContext
	if r.URL.Scheme == "https" {
		dialer = t.base.DialTLSContext
	} else if r.URL.Scheme != "http" {
		return false
	}
	if dialer == nil || t.base.DisableKeepAlives || t.base.ResponseHeaderTimeout > 0 {
		return false
	}
	if t.base.Proxy == nil {
		return true
	}
	proxy, err := t.base.Proxy(r)
	return proxy == nil && err == nil
}

// CloseIdleConnections closes the connections that nobody uses, and those that are
// in use when that ends, until the next request.
func (t *Transport) CloseIdleConnections() {
	t.base.CloseIdleConnections()
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, p := range t.pools {
		p.closeIdle()
	}
}

func (t *Transport) poolOf(u *url.URL) *pool {
	to := server{u.Scheme, u.Host}
	t.mu.Lock()
	defer t.mu.Unlock()
	p := t.pools[to]
	if p == nil {
		p = newPool(t.base, to)
		t.pools[to] = p
	}
	return p
}

// address returns host and port.
func (s server) address() string {
	u := url.URL{Host: s.host}
	port := u.Port()
	if port == "" {
		port = map[string]string{"http": "80", "https": "443"}[s.scheme]
	}
	return net.JoinHostPort(u.Hostname(), port)
}
