package scenario_test

import (
	"context"
	"fmt"
	"log"

	"github.com/cairnstate/cairn/internal/scenario"
	"github.com/cairnstate/cairn/storage/backend"
	"github.com/cairnstate/cairn/storage/mem"
)

// Undisturbed, each play goes as it should, and leaves nothing to finish.
func Example() {
	ctx := context.Background()
	for _, play := range scenario.Plays() {
		var host mem.Host
		var registry backend.Registry
		registry.Register(host.Open, "mem")
		at := scenario.Place{Registry: &registry, Base: "mem://store/checkpoints", Large: 1000}
		ledger, err := play.Prepare(ctx, at)
		if err != nil {
			log.Fatal(err)
		}
		err = play.Perform(ctx, at, ledger)
		orphans, wrong := scenario.Judge(ctx, at, ledger, scenario.Excuse{})
		fmt.Println(play.Name, err, ledger.Acknowledged, ledger.Denied, orphans, wrong)
	}
	// Output:
	// publish <nil> true false 0 <nil>
	// abort <nil> false true 0 <nil>
	// race <nil> false true 0 <nil>
}
