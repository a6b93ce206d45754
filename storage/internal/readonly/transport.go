// Package readonly is the last door before the network: behind it only requests
// that read go out.
//
// A backend that was opened for reading alone refuses to create and to delete by
// itself. That it really sends nothing else, whatever its SDK does, is what this
// transport is for: the proof is one method long.
package readonly

import (
	"fmt"
	"net/http"

	"github.com/cairnstate/cairn/storage/backend"
)

// Transport returns a transport that hands GET and HEAD to next and refuses every
// other method with [backend.ErrReadOnly], before anything is sent.
func Transport(next http.RoundTripper) http.RoundTripper { return transport{next} }

type transport struct{ next http.RoundTripper }

func (t transport) RoundTrip(request *http.Request) (*http.Response, error) {
	if request.Method == http.MethodGet || request.Method == http.MethodHead {
		return t.next.RoundTrip(request)
	}
	if request.Body != nil {
		request.Body.Close() // a transport closes the body, whatever becomes of the request
	}
	return nil, fmt.Errorf("%s of the store: %w", request.Method, backend.ErrReadOnly)
}

// CloseIdleConnections closes those of the transport within.
func (t transport) CloseIdleConnections() {
	if closer, ok := t.next.(interface{ CloseIdleConnections() }); ok {
		closer.CloseIdleConnections()
	}
}
