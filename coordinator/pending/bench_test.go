package pending_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/coordinator/pending"
)

// A checkpoint from its beginning to its metadata: four vertices of two operators.
func BenchmarkCheckpoint(b *testing.B) {
	for _, tasks := range []int{1_000, 10_000, 100_000} {
		b.Run(fmt.Sprint(tasks), func(b *testing.B) {
			n := int32(tasks / 4)
			j := jobOf(b, vertex(n, "a", "b"), vertex(n, "c", "d"), vertex(n, "e", "f"), vertex(n, "g", "h"))
			p := planOf(b, j, running(n), running(n), running(n), running(n))
			state := keyed("x")
			s := snapshot(map[string]*checkpoint.OperatorSubtaskState{"a": state, "d": state, "e": state, "h": state})
			b.ReportAllocs()
			for b.Loop() {
				c := pending.New(7, time.Unix(100, 0), p, j, nil, nil, properties)
				for i := range p.Wait {
					c.AcknowledgeTask(p.Wait[i].Attempt, s)
				}
				if m, err := c.Finalize(); err != nil || len(m.Operators) != 8 {
					b.Fatal(m, err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(tasks), "ns/task")
		})
	}
}

func running(subtasks int32) string {
	letters := make([]byte, subtasks)
	for i := range letters {
		letters[i] = 'R'
	}
	return string(letters)
}
