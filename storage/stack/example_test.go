package stack_test

import (
	"context"
	"fmt"
	"log"
	"os"

	"github.com/cairnstate/cairn/storage/backend"
	"github.com/cairnstate/cairn/storage/limit"
	"github.com/cairnstate/cairn/storage/mem"
	"github.com/cairnstate/cairn/storage/stack"
	"github.com/cairnstate/cairn/storage/trace"
)

func Example() {
	ctx := context.Background()
	var host mem.Host
	var registry backend.Registry
	registry.Register(host.Open, "mem")

	stacked := stack.Over(&registry, &stack.Options{
		Trace: trace.Text(os.Stdout),
		Limit: &limit.Options{Calls: 64, Budget: limit.S3Budget()},
	})
	b, err := stacked.Open(ctx, backend.Root{Scheme: "mem", Authority: "demo"})
	if err != nil {
		log.Fatal(err)
	}
	_, err = b.Stat(ctx, "chk-7/_metadata")
	fmt.Println(err)
	// Output:
	// mem://demo stat "chk-7/_metadata": absent
	// mem: stat "chk-7/_metadata" in store "demo": file does not exist
}
