package retry_test

import (
	"context"
	"fmt"
	"io"
	"log"

	"github.com/cairnstate/cairn/storage/backend"
	"github.com/cairnstate/cairn/storage/fault"
	"github.com/cairnstate/cairn/storage/mem"
	"github.com/cairnstate/cairn/storage/retry"
)

// The answer to an exclusive commit gets lost. To try again blindly would be refused
// by one's own success; reading settles it.
func Example() {
	ctx := context.Background()
	faulty := fault.Wrap(new(mem.Backend), fault.At(fault.On(fault.Commit), fault.Lose(fault.Reset)))
	b := retry.Wrap(faulty, nil)

	w, err := b.Create(ctx, "chk-7/_metadata", &backend.CreateOptions{IfAbsent: true})
	if err != nil {
		log.Fatal(err)
	}
	defer w.Close()
	if _, err := io.WriteString(w, "a cairn"); err != nil {
		log.Fatal(err)
	}
	fmt.Println("committed:", w.Commit())
	fmt.Println("answers lost:", faulty.Fired()[0])
	// Output:
	// committed: <nil>
	// answers lost: 1
}
