package sharedstate_test

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"testing"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/coordinator/sharedstate"
)

// What a checkpoint takes, of which nine files in ten were in the one before, and which
// pushes that one out: the time for each handle as their number grows.
func BenchmarkCheckpoint(b *testing.B) {
	for _, handles := range []int{10_000, 100_000, 1_000_000} {
		b.Run(fmt.Sprint(handles), func(b *testing.B) { benchmarkCheckpoint(b, handles, "/shared/") })
	}
}

// The same where the store wants each file in a directory of its own, as Flink's
// entropy does.
func BenchmarkEntropy(b *testing.B) {
	for _, handles := range []int{10_000, 100_000, 1_000_000} {
		b.Run(fmt.Sprint(handles), func(b *testing.B) { benchmarkCheckpoint(b, handles, "/%016x/shared/") })
	}
}

func benchmarkCheckpoint(b *testing.B, handles int, directory string) {
	job := job{dice: rand.New(rand.NewPCG(1, 2)), directory: directory, subtasks: make([][]string, handles/perSubtask)}
	r := sharedstate.New()
	id := int64(0)
	takeCheckpoint(b, r, id, job.next())
	for b.Loop() {
		b.StopTimer()
		id++
		states := job.next()
		runtime.GC()
		b.StartTimer()
		takeCheckpoint(b, r, id, states)
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*handles), "ns/handle")
}

func takeCheckpoint(b *testing.B, r *sharedstate.Registry, id int64, states []*checkpoint.OperatorSubtaskState) {
	for _, state := range states {
		if _, err := r.RegisterAcknowledged(id, state); err != nil {
			b.Fatal(err)
		}
	}
	r.CheckpointCompleted(id)
	if gone := len(r.UnregisterUnused(id).Deletions); id > 0 && gone != len(states)*perSubtask/10 {
		b.Fatalf("%d deletions", gone)
	}
}

// job has subtasks of a thousand files each.
type job struct {
	dice      *rand.Rand
	directory string
	subtasks  [][]string
}

const perSubtask = 1000

// next makes what the subtasks acknowledge, each string and handle anew.
func (j *job) next() []*checkpoint.OperatorSubtaskState {
	states := make([]*checkpoint.OperatorSubtaskState, len(j.subtasks))
	for i, files := range j.subtasks {
		for len(files) > perSubtask*9/10 {
			k := j.dice.IntN(len(files))
			files = append(files[:k], files[k+1:]...)
		}
		for len(files) < perSubtask {
			files = append(files, j.path())
		}
		j.subtasks[i] = files
		fresh := make([]string, len(files))
		for k, file := range files {
			fresh[k] = string([]byte(file))
		}
		states[i] = shared(fresh...)
	}
	return states
}

func (j *job) path() string {
	directory := j.directory
	if len(directory) > len("/shared/") {
		directory = fmt.Sprintf(directory, j.dice.Uint64())
	}
	u, v := j.dice.Uint64(), j.dice.Uint64()
	return fmt.Sprintf("s3://bucket/flink/checkpoints%s%08x-%04x-%04x-%04x-%012x", directory, u>>32, u>>16&0xffff, u&0xffff, v>>48, v&0xffffffffffff)
}
