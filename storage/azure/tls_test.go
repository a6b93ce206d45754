package azure_test

import (
	"context"
	"encoding/pem"
	"errors"
	"io/fs"
	"log"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/cairnstate/cairn/storage/azure"
)

// A store with a certificate of its own is trusted if a file says so, and else is not.
func TestOwnCertificates(t *testing.T) {
	ctx, giveUp := context.WithCancelCause(t.Context())
	f := startFake(t, func(handler http.Handler) *httptest.Server {
		server := httptest.NewUnstartedServer(handler)
		server.Config.ErrorLog = log.New(told(func(line string) { giveUp(errors.New(line)) }), "", 0)
		server.StartTLS()
		return server
	})
	file := written(t, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: f.server.Certificate().Raw}))
	if info, err := f.open(t, "anonymous=true&ca-file="+url.QueryEscape(file)).Stat(t.Context(), "k"); err != nil || info.Size != 7 {
		t.Errorf("Stat = %+v, %v", info, err)
	}
	// The SDK would try again for seconds; the server hears at once why it is refused.
	_, err := f.open(t, "anonymous=true").Stat(ctx, "k")
	if cause := context.Cause(ctx); err == nil || cause == nil || !strings.Contains(cause.Error(), "bad certificate") {
		t.Errorf("without the file: %v, and the server heard: %v", err, cause)
	}
	empty := written(t, []byte("hush"))
	if _, err := azure.Open(t.Context(), root("ca-file="+empty), nil); err == nil || !strings.Contains(err.Error(), "holds no certificate in PEM form") {
		t.Errorf("with a file of none: %v", err)
	}
	if _, err := azure.Open(t.Context(), root("ca-file="+empty+"x"), nil); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("without a file: %v", err)
	}
}

// told is a writer of lines.
type told func(string)

func (t told) Write(line []byte) (int, error) {
	t(string(line))
	return len(line), nil
}

func written(t *testing.T, data []byte) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(file, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}
