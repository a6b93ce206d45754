package lanes_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/cairnstate/cairn/storage/internal/lanes"
)

// Sixteen at once get 64 KiB each. The server is in the same process, so that what
// differs is less than half of what is measured.
func BenchmarkGet(b *testing.B) {
	content := make([]byte, 64<<10)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(content) }))
	defer server.Close()
	sizes := func(b *http.Transport) { b.ReadBufferSize, b.WriteBufferSize = 72<<10, 72<<10 }
	theirs := base(atMost(16), sizes)
	defer theirs.CloseIdleConnections()
	ours := lanes.Over(base(atMost(16), sizes))
	defer ours.CloseIdleConnections()
	for name, transport := range map[string]http.RoundTripper{"lanes": ours, "net-http": theirs} {
		b.Run("by="+name, func(b *testing.B) {
			b.SetBytes(int64(len(content)))
			b.ReportAllocs()
			b.SetParallelism(8)
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					response, err := transport.RoundTrip(newRequest(context.Background(), b, http.MethodGet, server.URL, nil))
					if err != nil {
						b.Error(err)
						return
					}
					if _, err := io.Copy(io.Discard, response.Body); err != nil {
						b.Error(err)
					}
					response.Body.Close()
				}
			})
		})
	}
}
