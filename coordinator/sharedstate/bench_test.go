package sharedstate_test

import (
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"runtime"
	"syscall"
	"testing"
	"time"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/coordinator/sharedstate"
)

// What a checkpoint takes, of which nine files in ten were in the one before, and which
// pushes that one out: time for each handle, as their number grows.
func BenchmarkCheckpoint(b *testing.B) {
	for _, handles := range []int{10_000, 100_000, 1_000_000} {
		for _, reused := range []string{"handles", "placeholders"} {
			b.Run(fmt.Sprintf("%d %s", handles, reused), func(b *testing.B) {
				benchmarkCheckpoint(b, handles, reused == "placeholders")
			})
		}
	}
}

func benchmarkCheckpoint(b *testing.B, handles int, placeholders bool) {
	job := newJob(handles)
	r := sharedstate.New()
	var id int64
	checkpoint := func(states []*checkpoint.OperatorSubtaskState) {
		for _, state := range states {
			if _, err := r.RegisterAcknowledged(id, state); err != nil {
				b.Fatal(err)
			}
		}
		r.CheckpointCompleted(id)
		r.UnregisterUnused(id)
		id++
	}
	checkpoint(job.next(placeholders))
	b.ReportAllocs()
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	var cpu time.Duration
	for b.Loop() {
		b.StopTimer()
		states := job.next(placeholders)
		runtime.GC()
		b.StartTimer()
		before := cpuTime()
		checkpoint(states)
		cpu += cpuTime() - before
	}
	b.ReportMetric(float64(cpu.Nanoseconds())/float64(b.N*handles), "cpu-ns/handle")
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*handles), "ns/handle")
}

// job has subtasks of a thousand files each.
type job struct {
	*rand.Rand
	subtasks [][]file_
}

type file_ struct {
	uuid [16]byte
	old  bool
}

const perSubtask = 1000

func newJob(files int) *job {
	j := &job{Rand: rand.New(rand.NewPCG(1, 2))}
	for range files / perSubtask {
		j.subtasks = append(j.subtasks, nil)
	}
	return j
}

func (j *job) next(placeholders bool) []*checkpoint.OperatorSubtaskState {
	states := make([]*checkpoint.OperatorSubtaskState, len(j.subtasks))
	for i, files := range j.subtasks {
		for len(files) > perSubtask*9/10 {
			k := j.IntN(len(files))
			files = append(files[:k], files[k+1:]...)
		}
		for len(files) < perSubtask {
			var f file_
			binary.NativeEndian.PutUint64(f.uuid[:8], j.Uint64())
			binary.NativeEndian.PutUint64(f.uuid[8:], j.Uint64())
			files = append(files, f)
		}
		h := &checkpoint.IncrementalRemoteKeyedStateHandle{SharedState: make([]checkpoint.HandleAndLocalPath, len(files))}
		for k := range files {
			path := files[k].path()
			if files[k].old && placeholders {
				h.SharedState[k].Handle = &checkpoint.PlaceholderStreamStateHandle{PhysicalID: path, Size: 1}
			} else {
				h.SharedState[k].Handle = &checkpoint.FileStateHandle{Path: path, Size: 1}
			}
			files[k].old = true
		}
		j.subtasks[i] = files
		states[i] = keyed(h)
	}
	return states
}

func (f *file_) path() string {
	b := append(make([]byte, 0, 128), "s3://bucket/flink/checkpoints/a1b2c3d4e5f60708090a0b0c0d0e0f10/shared/"...)
	for i, group := range [][]byte{f.uuid[:4], f.uuid[4:6], f.uuid[6:8], f.uuid[8:10], f.uuid[10:]} {
		if i > 0 {
			b = append(b, '-')
		}
		b = hex.AppendEncode(b, group)
	}
	return string(b)
}

func cpuTime() time.Duration {
	var used syscall.Rusage
	if syscall.Getrusage(1, &used) != nil {
		return 0
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}
