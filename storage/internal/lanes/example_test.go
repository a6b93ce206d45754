package lanes_test

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"

	"github.com/cairnstate/cairn/storage/internal/lanes"
)

func ExampleOver() {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, "%s of %s", r.Method, r.URL.Path)
	}))
	defer server.Close()

	base := &http.Transport{DialContext: new(net.Dialer).DialContext, MaxConnsPerHost: 8}
	transport := lanes.Over(base)
	defer transport.CloseIdleConnections()
	client := &http.Client{Transport: transport}

	response, err := client.Get(server.URL + "/bucket/chk-7/_metadata")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	fmt.Println(string(text), err)
	// Output: GET of /bucket/chk-7/_metadata <nil>
}
