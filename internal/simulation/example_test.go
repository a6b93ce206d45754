package simulation_test

import (
	"fmt"
	"time"

	"github.com/cairnstate/cairn/internal/simulation"
)

// A seed that fails says which promise was broken, when, and by whom; -story tells
// what led to it.
func ExampleViolation() {
	v := simulation.Violation{
		Invariant: simulation.Referenced, At: 90 * time.Second,
		Detail: "leader 1 deleted shared/7c1a, which is needed by chk-4",
	}
	fmt.Println("seed 4711:", &v)
	// Output:
	// seed 4711: nothing referenced is deleted: after 1m30s: leader 1 deleted shared/7c1a, which is needed by chk-4
}
