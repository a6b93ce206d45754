package durable_test

import (
	"context"
	"errors"
	"fmt"
	"log"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/coordinator/completed"
	"github.com/cairnstate/cairn/coordinator/durable"
	"github.com/cairnstate/cairn/storage"
	"github.com/cairnstate/cairn/storage/backend"
	"github.com/cairnstate/cairn/storage/mem"
)

// A second coordinator takes the job over, while the first believes that it leads.
func Example() {
	ctx := context.Background()
	var host mem.Host
	var registry backend.Registry
	registry.Register(host.Open, "mem")
	s, err := storage.New(&registry, nil)
	if err != nil {
		log.Fatal(err)
	}
	defer s.Close()
	access, err := s.CreateCheckpointStorage(ctx, checkpoint.JobID{1}, "mem://demo/checkpoints", &storage.AccessOptions{AllowVolatile: true})
	if err != nil {
		log.Fatal(err)
	}

	first, err := durable.Open(ctx, access, &durable.Options{Name: "one host"})
	if err != nil {
		log.Fatal(err)
	}
	id, err := first.IDCounter().GetAndIncrement(ctx)
	fmt.Println("the first takes", id, err)

	second, err := durable.Open(ctx, access, &durable.Options{Name: "another host"})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("left to the second:", second.Leftovers()[0].ID)
	_, err = first.IDCounter().GetAndIncrement(ctx)
	fmt.Println("the first is fenced:", errors.Is(err, completed.ErrFenced))
	id, err = second.IDCounter().GetAndIncrement(ctx)
	fmt.Println("the second takes", id, err)
	// Output:
	// the first takes 1 <nil>
	// left to the second: 1
	// the first is fenced: true
	// the second takes 2 <nil>
}
