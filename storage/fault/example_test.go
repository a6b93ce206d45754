package fault_test

import (
	"context"
	"errors"
	"fmt"
	"log"

	"github.com/cairnstate/cairn/storage/backend"
	"github.com/cairnstate/cairn/storage/fault"
	"github.com/cairnstate/cairn/storage/mem"
)

// The answer to a commit gets lost: the writer sees an error, and the object is there.
func Example() {
	ctx := context.Background()
	plan, err := fault.Parse(`commit & key("_metadata$"): lose(reset)`)
	if err != nil {
		log.Fatal(err)
	}
	store := new(mem.Backend)
	broken := fault.Wrap(store, plan)

	w, err := broken.Create(ctx, "chk-7/_metadata", &backend.CreateOptions{IfAbsent: true})
	if err != nil {
		log.Fatal(err)
	}
	defer w.Close()
	fmt.Fprint(w, "a cairn")
	fmt.Println(w.Commit())

	info, err := store.Stat(ctx, "chk-7/_metadata")
	fmt.Println(info.Size, err, broken.VerifyFired())
	// Output:
	// fault: commit "chk-7/_metadata": connection reset by peer (the store failed for the moment)
	// 7 <nil> <nil>
}

// Every effect at every call of a scenario: which of them does it survive?
func ExampleEnumerate() {
	read := func(b backend.Backend) error {
		_, err := b.Stat(context.Background(), "absent")
		if errors.Is(err, backend.ErrThrottled) {
			_, err = b.Stat(context.Background(), "absent")
		}
		return err
	}
	sites, _ := fault.Record(new(mem.Backend), read)
	for _, plan := range fault.Enumerate(sites, []fault.Effect{fault.Fail(fault.Throttled), fault.Kill()}) {
		fmt.Printf("%s\n\t%v\n", plan, read(fault.Wrap(new(mem.Backend), plan)))
	}
	// Output:
	// stat & key("^absent$") & nth(1): fail(throttled)
	// 	mem: stat "absent": file does not exist
	// stat & key("^absent$") & nth(1): kill
	// 	fault: stat "absent": the process was killed here, by a fault
}
