package servers

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"

	"golang.org/x/sync/errgroup"
)

func get(ctx context.Context, url string) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	return response.Body.Close()
}

func TestProxyNotesRequests(t *testing.T) {
	server := httptest.NewServer(http.NotFoundHandler())
	defer server.Close()
	proxy := StartProxy(t, server.URL)
	for _, path := range []string{"/a", "/b%20c?d=e"} {
		if err := get(t.Context(), proxy.Endpoint+path); err != nil {
			t.Fatal(err)
		}
	}
	if got, want := proxy.Requests(), []string{"GET /a", "GET /b c"}; !slices.Equal(got, want) {
		t.Errorf("the proxy noted %q, want %q", got, want)
	}
	proxy.Expect()
	if got := proxy.Requests(); len(got) != 0 {
		t.Errorf("Expect kept %q", got)
	}
}

func TestProxyLetsARoundPassTogether(t *testing.T) {
	server := httptest.NewServer(http.NotFoundHandler())
	defer server.Close()
	proxy := StartProxy(t, server.URL)
	proxy.Expect(1, 2)
	if err := get(t.Context(), proxy.Endpoint+"/first"); err != nil {
		t.Fatal(err)
	}
	var together errgroup.Group
	for _, path := range []string{"/second", "/third"} {
		together.Go(func() error { return get(t.Context(), proxy.Endpoint+path) })
	}
	if err := together.Wait(); err != nil {
		t.Fatal(err)
	}
	if got := len(proxy.Requests()); got != 3 {
		t.Errorf("the proxy noted %d requests, want 3", got)
	}
}

// A client that sends the requests of a round one after the other does not pass.
func TestProxyHoldsALonelyRequest(t *testing.T) {
	p := &Proxy{}
	p.Expect(2)
	first := p.note(httptest.NewRequest(http.MethodGet, "/one", nil))
	select {
	case <-first:
		t.Fatal("one request of two passed")
	default:
	}
	p.note(httptest.NewRequest(http.MethodGet, "/two", nil))
	<-first
}

func TestProxyForgetsWhoGaveUp(t *testing.T) {
	server := httptest.NewServer(http.NotFoundHandler())
	defer server.Close()
	proxy := StartProxy(t, server.URL)
	proxy.Expect(2)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- get(ctx, proxy.Endpoint+"/alone") }()
	cancel()
	if err := <-done; !errors.Is(err, context.Canceled) {
		t.Errorf("the lonely request ended with %v, want that it was cancelled", err)
	}
}
