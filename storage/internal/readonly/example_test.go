package readonly_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"

	"github.com/cairnstate/cairn/storage/backend"
	"github.com/cairnstate/cairn/storage/internal/readonly"
)

func Example() {
	arrived := 0
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { arrived++ }))
	defer server.Close()
	client := &http.Client{Transport: readonly.Transport(http.DefaultTransport)}
	defer client.CloseIdleConnections()

	for _, method := range []string{"GET", "HEAD", "PUT", "POST", "DELETE", "PATCH"} {
		request, _ := http.NewRequest(method, server.URL, strings.NewReader(""))
		response, err := client.Do(request)
		if err == nil {
			response.Body.Close()
		}
		fmt.Println(method, errors.Is(err, backend.ErrReadOnly))
	}
	fmt.Println("arrived:", arrived)
	// Output:
	// GET false
	// HEAD false
	// PUT true
	// POST true
	// DELETE true
	// PATCH true
	// arrived: 2
}
