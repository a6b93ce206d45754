package azure_test

import (
	"errors"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/cairnstate/cairn/storage/backend"
)

// Whatever Azure calls it, who lacks a permission is told so.
func TestDeniedIsPermission(t *testing.T) {
	for _, code := range []string{"AuthorizationPermissionMismatch", "AuthorizationFailure", "AuthenticationFailed"} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("x-ms-error-code", code)
			w.WriteHeader(http.StatusForbidden)
		}))
		defer server.Close()
		f := newFake(t)
		f.url = server.URL
		b := f.open(t, "anonymous=true")
		_, stat := b.Stat(t.Context(), "k")
		_, open := b.Open(t.Context(), "k", nil)
		for verb, err := range map[string]error{"stat": stat, "open": open, "delete": b.Delete(t.Context(), "k"), "list": list(t, b)} {
			if !errors.Is(err, fs.ErrPermission) {
				t.Errorf("%s: %s gives %v", code, verb, err)
			}
		}
	}
}

func list(t *testing.T, b backend.Backend) error {
	t.Helper()
	for _, err := range b.List(t.Context(), "") {
		return err
	}
	return nil
}
