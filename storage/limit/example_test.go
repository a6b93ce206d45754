package limit_test

import (
	"context"
	"fmt"
	"log"
	"time"

	"github.com/cairnstate/cairn/storage/limit"
	"github.com/cairnstate/cairn/storage/mem"
)

func Example() {
	b, err := limit.Wrap(new(mem.Backend), &limit.Options{
		Calls:    64,
		Requests: 1,
		Budget:   limit.S3Budget(),
	})
	if err != nil {
		log.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 100*time.Millisecond)
	defer cancel()
	for range 2 { // one in a second
		_, err = b.Stat(ctx, "chk-7/_metadata")
		fmt.Println(err)
	}
	// Output:
	// mem: stat "chk-7/_metadata": file does not exist
	// limit: stat "chk-7/_metadata": while waiting for its turn, for the limit of requests per second: context deadline exceeded (rate: Wait(n=1) would exceed context deadline)
}
