package param_test

import (
	"fmt"
	"net/url"

	"github.com/cairnstate/cairn/storage/internal/param"
)

func Example() {
	_, err := param.Known{"endpoint", "region"}.Read(url.Values{"regoin": {"eu-west-1"}})
	fmt.Println(err)
	// Output: unknown parameter "regoin" (known: endpoint, region)
}
