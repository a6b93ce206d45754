package main

import (
	"fmt"
	"io"
	"math"
	"runtime"
	"time"

	"github.com/cairnstate/cairn/internal/verdict"
)

// tooSteep is the exponent from which on time no longer grows as the job does.
const tooSteep = 1.1

// growth fits time = a · parallelism^b for keyed state that is spread over twice
// as many subtasks, and memory for union state. It fails where b is too steep.
func growth(out io.Writer, rounds int) error {
	fmt.Fprintf(out, "\n%-24s  %11s\n", "keyed, to parallelism", "cairn, ms")
	var x, y []float64
	for p := int32(1024); p <= largest; p *= 2 {
		took, err := best(keyed(p/2, p), 10*rounds)
		if err != nil {
			return err
		}
		fmt.Fprintf(out, "%24d  %11.3f\n", p, milliseconds(took))
		x, y = append(x, math.Log(float64(p))), append(y, math.Log(took.Seconds()))
	}
	exponent := slope(x, y)
	fmt.Fprintf(out, "time grows with parallelism to the power of %.2f\n", exponent)

	fmt.Fprintf(out, "\n%-24s  %11s\n", "union, subtasks", "cairn, KiB")
	for _, p := range []int32{500, 1000, 2000, 4000} {
		bytes, err := allocated(union(p, 2000))
		if err != nil {
			return err
		}
		fmt.Fprintf(out, "%24d  %11d\n", p, bytes>>10)
	}
	if exponent > tooSteep {
		return fmt.Errorf("time grows with the power of %.2f of the parallelism, want at most %.1f", exponent, tooSteep)
	}
	return nil
}

func best(c *verdict.Case, rounds int) (shortest time.Duration, err error) {
	for i := range rounds {
		took, err := timed(c)
		if err != nil {
			return 0, err
		}
		if i == 0 || took < shortest {
			shortest = took
		}
	}
	return shortest, nil
}

// allocated is what one assignment allocates, what it drops again included.
func allocated(c *verdict.Case) (uint64, error) {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, err := timed(c)
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc, err
}

// slope is that of the line that fits the points best.
func slope(x, y []float64) float64 {
	var sx, sy, sxx, sxy float64
	n := float64(len(x))
	for i := range x {
		sx, sy, sxx, sxy = sx+x[i], sy+y[i], sxx+x[i]*x[i], sxy+x[i]*y[i]
	}
	return (n*sxy - sx*sy) / (n*sxx - sx*sx)
}
