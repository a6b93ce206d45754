package faults_test

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"sync"
	"time"
)

// protocol is what the requests of a store are.
type protocol struct {
	name   func(*http.Request) string // "UploadPart 1"
	spends func(*http.Request) bool   // takes space
	says   func(code int, says string) (contentType, body string)

	// mixed says whether a request of this name can fail by an answer of 200.
	mixed func(name string) bool
	// within makes such an answer. Of a batch of deletions it returns the keys too; the
	// first is the one that was not deleted.
	within func(r *http.Request, code int, says string) (keys []string, contentType, body string)

	store http.RoundTripper // the way there; more than one proxy takes it
}

// request is a request of a run: the nth of its name.
type request struct {
	name string
	n    int
	body bool // its answer has one
}

func (r request) String() string { return fmt.Sprintf("%s #%d", r.name, r.n) }

// breaker is a proxy before a store that breaks one request, or lets all pass and
// notes them.
type breaker struct {
	protocol protocol
	target   *url.URL
	remove   func(ctx context.Context, key string) error // from the store
	kind     kind
	site     request
	giveUp   context.CancelCauseFunc // ends the play
	server   *httptest.Server

	mu       sync.Mutex
	counts   map[string]int // guarded by mu
	requests []request      // guarded by mu
	begun    []string       // guarded by mu; paths of uploads that the store may have begun
	fired    bool           // guarded by mu
	err      error          // guarded by mu; of removing
}

// newBreaker starts a proxy; an empty site breaks nothing. The caller closes it.
func newBreaker(p protocol, target *url.URL, remove func(context.Context, string) error, site request, k kind) *breaker {
	b := &breaker{
		protocol: p, target: target, remove: remove, kind: k, site: site, giveUp: func(error) {}, counts: make(map[string]int),
	}
	b.server = httptest.NewServer(b)
	return b
}

func (b *breaker) close() { b.server.Close() }

// ServeHTTP passes the request on, or breaks it.
func (b *breaker) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	at, broken := b.note(r)
	if !broken {
		b.pass(w, r, at)
		return
	}
	if b.kind.kills {
		defer b.giveUp(errKilled)
	}
	switch b.kind.deed {
	case answer:
		_, _ = io.Copy(io.Discard, r.Body)
		b.answer(w)
	case lose:
		b.toStore(r, at) // and nobody hears of it
		hangUp(w)
	case answerAfter:
		b.toStore(r, at)
		b.answer(w)
	case within, withinAfter:
		b.within(w, r, at)
	case truncate:
		b.cutShort(w, r, at)
	case stall:
		b.stall(w, r)
	default:
		hangUp(w)
	}
}

// note counts the request, and says whether it is to be broken. Of a process that was
// killed after a request only that one reaches the store.
func (b *breaker) note(r *http.Request) (request, bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	name := b.protocol.name(r)
	b.counts[name]++
	at := request{name: name, n: b.counts[name]}
	before := b.fired
	b.fired = b.fired || at.name == b.site.name && at.n == b.site.n
	switch b.kind.stays {
	case forever:
		if before && b.kind.kills {
			b.kind.deed = reset
		}
		return at, b.fired
	case writing:
		return at, b.fired && b.protocol.spends(r)
	case namely:
		return at, b.fired && at.name == b.site.name
	}
	return at, b.fired && !before
}

// end says whether the fault happened, and what was wrong with it.
func (b *breaker) end() (fired bool, _ error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.fired, b.err
}

// pass passes the request on, and the answer back.
func (b *breaker) pass(w http.ResponseWriter, r *http.Request, at request) {
	response := b.send(r, at)
	if response == nil {
		hangUp(w)
		return
	}
	defer response.Body.Close()
	copyHead(w, response)
	n, err := io.Copy(w, response.Body)
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	at.body = n > 0
	b.mu.Lock()
	defer b.mu.Unlock()
	b.requests = append(b.requests, at)
}

// toStore has the request take effect.
func (b *breaker) toStore(r *http.Request, at request) {
	if response := b.send(r, at); response != nil {
		_, _ = io.Copy(io.Discard, response.Body)
		response.Body.Close()
	}
}

// send returns the answer of the store, which does not notice if the client goes.
func (b *breaker) send(r *http.Request, at request) *http.Response {
	if at.name == beginUpload {
		b.mu.Lock()
		b.begun = append(b.begun, r.URL.Path)
		b.mu.Unlock()
	}
	out := r.Clone(context.WithoutCancel(r.Context()))
	out.URL.Scheme, out.URL.Host, out.RequestURI = b.target.Scheme, b.target.Host, ""
	if r.ContentLength == 0 {
		out.Body = http.NoBody
	}
	response, err := b.protocol.store.RoundTrip(out)
	if err != nil {
		return nil
	}
	return response
}

// newTransport keeps connections for all breakers; each would need new ones.
func newTransport() *http.Transport {
	return &http.Transport{MaxIdleConnsPerHost: 64, DisableCompression: true}
}

func copyHead(w http.ResponseWriter, response *http.Response) {
	for name, values := range response.Header {
		w.Header()[name] = values
	}
	if response.ContentLength >= 0 {
		w.Header().Set("Content-Length", strconv.FormatInt(response.ContentLength, 10))
	}
	w.WriteHeader(response.StatusCode)
}

func (b *breaker) answer(w http.ResponseWriter) {
	contentType, body := b.protocol.says(b.kind.code, b.kind.says)
	w.Header().Set("Content-Type", contentType)
	w.WriteHeader(b.kind.code)
	_, _ = io.WriteString(w, body)
}

// cutShort promises the answer and sends half of its body.
func (b *breaker) cutShort(w http.ResponseWriter, r *http.Request, at request) {
	response := b.send(r, at)
	if response == nil {
		hangUp(w)
		return
	}
	defer response.Body.Close()
	body, _ := io.ReadAll(response.Body)
	response.ContentLength = int64(len(body))
	copyHead(w, response)
	_, _ = w.Write(body[:len(body)/2])
	_ = http.NewResponseController(w).Flush()
	panic(http.ErrAbortHandler)
}

const stalled = 3 * time.Second // and then the connection breaks

// stall waits until the client is gone. Whoever is to give up is told so at once.
func (b *breaker) stall(w http.ResponseWriter, r *http.Request) {
	_, _ = io.Copy(io.Discard, r.Body)
	if b.kind.name != "stall" {
		b.giveUp(context.DeadlineExceeded)
	}
	select {
	case <-r.Context().Done():
	case <-time.After(stalled):
	}
	hangUp(w)
}

// hangUp resets the connection.
func hangUp(w http.ResponseWriter) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
	conn.Close()
}

// sites returns the requests that were noted, in a fixed order.
func (b *breaker) sites() []request {
	b.mu.Lock()
	defer b.mu.Unlock()
	sites := slices.Clone(b.requests)
	slices.SortFunc(sites, func(x, y request) int {
		if x.name != y.name {
			return map[bool]int{true: -1, false: 1}[x.name < y.name]
		}
		return x.n - y.n
	})
	return sites
}
