package azure

import (
	"errors"
	"net/http"
	"testing"

	"github.com/cairnstate/cairn/storage/backend"
)

// The SDK itself cannot write through a client that is for reading alone.
func TestTheDoorIsShut(t *testing.T) {
	s := settings{url: "http://127.0.0.1:1/account/states", anonymous: true, readOnly: true}
	client, err := s.client(http.DefaultTransport.(*http.Transport).Clone(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := client.Create(t.Context(), nil); !errors.Is(err, backend.ErrReadOnly) {
		t.Errorf("making a container gives %v, want ErrReadOnly", err)
	}
	if _, err := client.NewBlobClient("k").Delete(t.Context(), nil); !errors.Is(err, backend.ErrReadOnly) {
		t.Errorf("deleting a blob gives %v, want ErrReadOnly", err)
	}
}
