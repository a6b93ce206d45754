package fs_test

import (
	"context"
	"fmt"
	"log"
	"os"

	"github.com/cairnstate/cairn/storage/backend"
	"github.com/cairnstate/cairn/storage/fs"
)

// Of two that complete the same checkpoint, one does.
func Example() {
	ctx := context.Background()
	dir, err := os.MkdirTemp("", "cairn")
	if err != nil {
		log.Fatal(err)
	}
	defer func() { _ = os.RemoveAll(dir) }()
	store, err := fs.New(dir)
	if err != nil {
		log.Fatal(err)
	}
	defer store.Close()

	for _, coordinator := range []string{"first", "second"} {
		w, err := store.Create(ctx, "chk-42/_metadata", &backend.CreateOptions{IfAbsent: true})
		if err != nil {
			log.Fatal(err)
		}
		defer w.Close()
		fmt.Fprint(w, coordinator)
		fmt.Println(coordinator, "completed it:", w.Commit() == nil)
	}
	// Output:
	// first completed it: true
	// second completed it: false
}
