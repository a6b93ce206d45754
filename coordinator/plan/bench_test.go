package plan_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/cairnstate/cairn/coordinator/plan"
)

// Four vertices, of which the first has finished by half, so that each subtask of the
// second must be asked for who feeds it.
func BenchmarkCalculate(b *testing.B) {
	for _, tasks := range []int{1_000, 10_000, 100_000} {
		b.Run(fmt.Sprint(tasks), func(b *testing.B) {
			all := strings.Repeat("R", tasks/4)
			half := strings.Repeat("RF", tasks/8)
			g := run(b, "a "+half, "b "+all+" =a", "c "+all+" >b", "d "+all+" =c")
			b.ReportAllocs()
			for b.Loop() {
				p, err := plan.Calculate(g.job, g.current, true)
				if err != nil || len(p.Trigger) != tasks/4 {
					b.Fatal(len(p.Trigger), err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(tasks), "ns/task")
		})
	}
}
