package trace_test

import (
	"context"
	"io"
	"log"
	"os"

	"github.com/cairnstate/cairn/storage/backend"
	"github.com/cairnstate/cairn/storage/mem"
	"github.com/cairnstate/cairn/storage/trace"
)

// Two coordinators publish the same checkpoint; one of them wins.
func Example() {
	ctx := context.Background()
	b := trace.Wrap(new(mem.Backend), trace.Text(os.Stdout))
	for range 2 {
		w, err := b.Create(ctx, "chk-7/_metadata", &backend.CreateOptions{IfAbsent: true})
		if err != nil {
			log.Fatal(err)
		}
		if _, err := io.WriteString(w, "a cairn"); err != nil {
			log.Fatal(err)
		}
		_ = w.Commit()
		w.Close()
	}
	// Output:
	// create "chk-7/_metadata" if-absent: ok
	// commit "chk-7/_metadata" if-absent, 7 bytes: ok
	// create "chk-7/_metadata" if-absent: ok
	// commit "chk-7/_metadata" if-absent, 7 bytes: exists
	// abort "chk-7/_metadata" if-absent, 7 bytes: ok
}
