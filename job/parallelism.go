package job

import (
	"fmt"
	"math"

	"github.com/cairnstate/cairn/checkpoint"
)

// checkBounds refuses what is no parallelism or max parallelism.
func checkBounds(what string, n int32) error {
	if n < 1 || n > checkpoint.UpperBoundMaxParallelism {
		return fmt.Errorf("%s is %d, but must be 1 to %d", what, n, checkpoint.UpperBoundMaxParallelism)
	}
	return nil
}

// normalMaxParallelism takes Integer.MAX_VALUE for the bound, as Flink does for
// jobs that say "as much as there is".
func normalMaxParallelism(n int32) int32 {
	if n == math.MaxInt32 {
		return checkpoint.UpperBoundMaxParallelism
	}
	return n
}
