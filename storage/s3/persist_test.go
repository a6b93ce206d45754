package s3_test

import (
	"bytes"
	"net/http"
	"testing"

	"github.com/cairnstate/cairn/storage/s3"
)

// Each request of a large upload meets 429 once, and then an answer that breaks off.
// The object is written all the same.
func TestAnUploadPersists(t *testing.T) {
	busy := func(w http.ResponseWriter) { refuse(w, http.StatusTooManyRequests, "TooManyRequests") }
	broken := func(w http.ResponseWriter) {
		w.Header().Set("Content-Length", "100")
		_, _ = w.Write([]byte("<InitiateMultipartUploadResult>"))
		panic(http.ErrAbortHandler)
	}
	for name, answer := range map[string]func(http.ResponseWriter){"busy": busy, "breaks off": broken} {
		t.Run(name, func(t *testing.T) {
			f := newFake(t)
			seen := make(chan map[string]bool, 1)
			seen <- make(map[string]bool)
			f.fault = func(w http.ResponseWriter, r *http.Request, _ http.Handler) bool {
				is := line(r)
				met := <-seen
				first := !met[is] && r.Method == http.MethodPost
				met[is] = true
				seen <- met
				if first {
					answer(w)
				}
				return first
			}
			data := bytes.Repeat([]byte("x"), 25)
			check(t, write(t.Context(), f.open(s3.Options{PartSize: 10}), "k", data, nil), nil, "")
			if !bytes.Equal(f.objects["k"].data, data) {
				t.Errorf("the object has %d bytes", len(f.objects["k"].data))
			}
		})
	}
}
