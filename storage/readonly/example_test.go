package readonly_test

import (
	"context"
	"fmt"

	"github.com/cairnstate/cairn/storage/mem"
	"github.com/cairnstate/cairn/storage/readonly"
)

func Example() {
	b := readonly.Wrap(new(mem.Backend))
	fmt.Println(b.Delete(context.Background(), "chk-7/_metadata"))
	// Output:
	// readonly: delete "chk-7/_metadata": opened for reading alone
}
