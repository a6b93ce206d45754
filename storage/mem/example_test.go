package mem_test

import (
	"context"
	"fmt"
	"log"

	"github.com/cairnstate/cairn/storage/backend"
	"github.com/cairnstate/cairn/storage/mem"
)

// Two openings of one name are one store, for as long as the host is held.
func ExampleHost() {
	ctx := context.Background()
	var host mem.Host
	var registry backend.Registry
	registry.Register(host.Open, "mem")

	store, err := registry.Open(ctx, backend.Root{Scheme: "mem", Authority: "demo"})
	if err != nil {
		log.Fatal(err)
	}
	w, err := store.Create(ctx, "savepoints/one/_metadata", nil)
	if err != nil {
		log.Fatal(err)
	}
	defer w.Close()
	fmt.Fprint(w, "a cairn")
	if err := w.Commit(); err != nil {
		log.Fatal(err)
	}

	for info, err := range host.Store("demo").List(ctx, "savepoints") {
		fmt.Println(info.Key, info.Size, err)
	}
	// Output: savepoints/one/_metadata 7 <nil>
}

// What a crash leaves can be looked at, again and again, while the story goes on.
func ExampleBackend_Crash() {
	ctx := context.Background()
	store := new(mem.Backend)
	w, err := store.Create(ctx, "chk-1/_metadata", nil)
	if err != nil {
		log.Fatal(err)
	}
	defer w.Close()
	fmt.Fprint(w, "a cairn")

	before := store.Crash(mem.Loss{})
	if err := w.Commit(); err != nil {
		log.Fatal(err)
	}
	after := store.Crash(mem.Loss{})

	for _, image := range []*mem.Backend{before, after} {
		_, err := image.Stat(ctx, "chk-1/_metadata")
		fmt.Println("there:", err == nil, "left behind:", image.Unfinished())
	}
	// Output:
	// there: false left behind: [chk-1/_metadata]
	// there: true left behind: []
}
