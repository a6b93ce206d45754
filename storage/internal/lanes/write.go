package lanes

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"strconv"
	"strings"

	"golang.org/x/net/http/httpguts"
)

// isPlain says whether the request is one that we can write. The base can write any,
// or explains what is wrong with it.
func isPlain(r *http.Request) bool {
	switch r.Method {
	case http.MethodGet, http.MethodHead, http.MethodPut, http.MethodPost, http.MethodDelete:
	default:
		return false
	}
	if r.Close || r.Trailer != nil || r.TransferEncoding != nil || httptrace.ContextClientTrace(r.Context()) != nil {
		return false
	}
	if r.Cancel != nil { //nolint:staticcheck // it is old, and others may still use it
		return false
	}
	if hasBody(r) && r.ContentLength <= 0 { // of unknown length
		return false
	}
	return isPlainURL(r) && isPlainHeader(r.Header)
}

func hasBody(r *http.Request) bool { return r.Body != nil && r.Body != http.NoBody }

func isPlainURL(r *http.Request) bool {
	if r.URL == nil || r.URL.Opaque != "" {
		return false
	}
	for _, c := range []byte(r.URL.RawQuery) {
		if c < ' ' || c == 0x7f {
			return false
		}
	}
	return isPlainHost(r.URL.Host) && (r.Host == "" || isPlainHost(r.Host))
}

// isPlainHost says whether the host is written as it is: in ASCII, and without a zone.
func isPlainHost(host string) bool {
	return host != "" && !strings.Contains(host, "%") && httpguts.ValidHostHeader(host)
}

func isPlainHeader(header http.Header) bool {
	if header == nil || header["Upgrade"] != nil || header["Expect"] != nil {
		return false
	}
	for name, values := range header {
		if !httpguts.ValidHeaderFieldName(name) {
			return false
		}
		for _, value := range values {
			if !httpguts.ValidHeaderFieldValue(value) {
				return false
			}
		}
	}
	return true
}

// write writes a plain request, and closes its body. What is read from the body
// reaches a connection that is an [io.ReaderFrom] as an [io.LimitedReader] of it.
func (l *lane) write(r *http.Request) error {
	if r.Body != nil {
		defer r.Body.Close()
	}
	l.writeHead(r)
	if hasBody(r) {
		if err := l.writeBody(r.Body, r.ContentLength); err != nil {
			return err
		}
	}
	return l.out.Flush()
}

// writeHead writes the first line and the header. Should that fail, so does what comes
// after.
func (l *lane) writeHead(r *http.Request) {
	host := r.Host
	if host == "" {
		host = r.URL.Host
	}
	l.line(r.Method, " ", r.URL.RequestURI(), " HTTP/1.1")
	l.line("Host: ", host)
	agent := "Go-http-client/1.1"
	if _, given := r.Header["User-Agent"]; given {
		agent = r.Header.Get("User-Agent")
	}
	if agent != "" {
		l.line("User-Agent: ", strings.Trim(agent, " \t"))
	}
	if hasBody(r) || r.Method == http.MethodPut || r.Method == http.MethodPost {
		l.line("Content-Length: ", strconv.FormatInt(max(r.ContentLength, 0), 10))
	}
	for name, values := range r.Header {
		switch name {
		case "Host", "User-Agent", "Content-Length", "Transfer-Encoding", "Trailer":
			continue
		}
		for _, value := range values {
			l.line(name, ": ", strings.Trim(value, " \t"))
		}
	}
	l.line()
}

func (l *lane) line(words ...string) {
	for _, word := range words {
		_, _ = l.out.WriteString(word)
	}
	_, _ = l.out.WriteString("\r\n")
}

func (l *lane) writeBody(body io.Reader, length int64) error {
	n, err := io.Copy(l.out, io.LimitReader(body, length))
	if err != nil {
		return err
	}
	if n == length {
		more, _ := io.ReadFull(body, make([]byte, 1))
		n += int64(more)
	}
	if n != length {
		return fmt.Errorf("the body has another length than was announced, which is %d bytes: %w", length, io.ErrUnexpectedEOF)
	}
	return nil
}
