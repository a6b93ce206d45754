package cause_test

import (
	"errors"
	"fmt"
	"io/fs"

	"github.com/cairnstate/cairn/storage/internal/cause"
)

func Example() {
	sdk := errors.New("operation error: GetObject, https response error StatusCode: 404, NoSuchKey: …")
	err := cause.Explain(sdk, func(err error) error {
		return cause.New("no such object", fs.ErrNotExist, err)
	})
	fmt.Println(err)
	fmt.Println(errors.Is(err, fs.ErrNotExist), errors.Is(err, sdk))
	// Output:
	// no such object
	// true true
}
