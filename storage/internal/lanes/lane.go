package lanes

import (
	"bufio"
	"errors"
	"io"
	"math"
	"net"
	"net/http"
	"time"
)

// lane is a connection and its buffers. It is in one hand at a time.
type lane struct {
	pool *pool
	conn net.Conn
	in   *bufio.Reader
	out  *bufio.Writer

	used      bool  // for a request before this one
	heard     bool  // something of the answer
	left      int64 // how much more the head of the answer may take
	idleSince time.Time
}

// sizes are in bytes.
type sizes struct {
	read, write int
	head        int64 // of an answer, at most
}

// The defaults of package net/http, but for the last: no store says so much.
const (
	defaultBuffer = 4 << 10
	defaultHead   = 1 << 20
)

func sizesOf(base *http.Transport) sizes {
	s := sizes{base.ReadBufferSize, base.WriteBufferSize, base.MaxResponseHeaderBytes}
	if s.read <= 0 {
		s.read = defaultBuffer
	}
	if s.write <= 0 {
		s.write = defaultBuffer
	}
	if s.head <= 0 {
		s.head = defaultHead
	}
	return s
}

func newLane(p *pool, conn net.Conn) *lane {
	l := &lane{pool: p, conn: conn}
	l.in = bufio.NewReaderSize(l, p.sizes.read)
	l.out = bufio.NewWriterSize(conn, p.sizes.write)
	return l
}

var errHead = errors.New("the head of the answer is too large")

// Read reads from the connection, the head of an answer up to its limit.
func (l *lane) Read(p []byte) (int, error) {
	if l.left <= 0 {
		return 0, errHead
	}
	n, err := l.conn.Read(p[:min(int64(len(p)), l.left)])
	l.left -= int64(n)
	l.heard = l.heard || n > 0
	return n, err
}

// begin prepares for an answer.
func (l *lane) begin() { l.heard, l.left = false, l.pool.sizes.head }

// read reads the head of the answer. One that says that another will follow is
// passed over.
func (l *lane) read(r *http.Request) (*http.Response, error) {
	for {
		response, err := http.ReadResponse(l.in, r)
		if err != nil && !l.heard && errors.Is(err, io.ErrUnexpectedEOF) {
			return nil, errNoAnswer
		}
		if err != nil {
			return nil, err
		}
		if code := response.StatusCode; code < 100 || code > 199 || code == http.StatusSwitchingProtocols {
			l.left = math.MaxInt64
			return response, nil
		}
	}
}

// errNoAnswer is an io.EOF for who asks.
var errNoAnswer = noAnswer{}

type noAnswer struct{}

func (noAnswer) Error() string { return "the server closed the connection without an answer" }

func (noAnswer) Unwrap() error { return io.EOF }

// interrupt has whoever reads or writes return.
func (l *lane) interrupt() { _ = l.conn.SetDeadline(past) }

var past = time.Unix(1, 0)

// isAlive says whether an idle lane can still be used: the server neither closed it
// nor said something that nobody asked for.
func (l *lane) isAlive() bool { return !l.used || (l.in.Buffered() == 0 && isQuiet(l.conn)) }

// wasStale says whether the request failed because the server closed the connection
// before the request arrived, as far as one can know, and may be made again.
func (l *lane) wasStale(r *http.Request) bool {
	safe := r.Method == http.MethodGet || r.Method == http.MethodHead
	return safe && l.used && !l.heard && !hasBody(r) && r.Context().Err() == nil
}
