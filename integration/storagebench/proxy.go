package main

import (
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"sync"
	"sync/atomic"
	"time"
)

// counter is a proxy that counts requests.
type counter struct {
	*httptest.Server
	seen atomic.Int64
}

// startCounter runs a counter before the server at the endpoint.
func startCounter(endpoint string) (*counter, error) {
	target, err := url.Parse(endpoint)
	if err != nil {
		return nil, err
	}
	forward := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(target)
		r.Out.Host = r.In.Host // it is signed
	}}
	c := &counter{}
	c.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c.seen.Add(1)
		forward.ServeHTTP(w, r)
	}))
	return c, nil
}

// delay is a relay that holds every byte back, each way for half the round trip.
type delay struct {
	listener net.Listener
	target   string
	half     time.Duration
	conns    sync.WaitGroup
}

func startDelay(target string, roundTrip time.Duration) (*delay, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	d := &delay{listener: listener, target: target, half: roundTrip / 2}
	go d.accept()
	return d, nil
}

func (d *delay) accept() {
	for {
		client, err := d.listener.Accept()
		if err != nil {
			return
		}
		d.conns.Go(func() { d.relay(client) })
	}
}

func (d *delay) relay(client net.Conn) {
	defer client.Close()
	time.Sleep(2 * d.half) // the handshake of TCP
	server, err := net.Dial("tcp", d.target)
	if err != nil {
		return
	}
	defer server.Close()
	var both sync.WaitGroup
	both.Go(func() { d.carry(server, client) })
	both.Go(func() { d.carry(client, server) })
	both.Wait()
}

// carry carries bytes from one side to the other, each after the delay.
func (d *delay) carry(to, from net.Conn) {
	type piece struct {
		due  time.Time
		data []byte
	}
	pieces := make(chan piece, 1024)
	go func() {
		defer close(pieces)
		for {
			buffer := make([]byte, 64<<10)
			n, err := from.Read(buffer)
			if n > 0 {
				pieces <- piece{time.Now().Add(d.half), buffer[:n]}
			}
			if err != nil {
				return
			}
		}
	}()
	failed := false
	for p := range pieces {
		time.Sleep(time.Until(p.due))
		if !failed {
			_, err := to.Write(p.data)
			failed = err != nil
		}
	}
	if tcp, ok := to.(*net.TCPConn); ok {
		_ = tcp.CloseWrite()
	}
}

func (d *delay) stop() { d.listener.Close() }
