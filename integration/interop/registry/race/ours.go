package main

import (
	"runtime"
	"time"

	"github.com/cairnstate/cairn/coordinator/sharedstate"
)

// ours is what Race.java is for Flink.
type ours struct {
	job        *job
	registry   *sharedstate.Registry
	checkpoint int64
}

func (o *ours) start(d discipline, handles int) error {
	*o = ours{job: newJob(handles, d.placeholders, d.shuffled), registry: sharedstate.New()}
	return nil
}

func (o *ours) next() (lap, error) {
	o.checkpoint++
	states := o.job.next(o.checkpoint)
	runtime.GC()
	start := time.Now()
	for i, state := range states {
		state, err := o.registry.RegisterAcknowledged(o.checkpoint, state)
		if err != nil {
			return lap{}, err
		}
		states[i] = state
	}
	o.registry.CheckpointCompleted(o.checkpoint)
	unused := o.registry.UnregisterUnused(o.checkpoint)
	took := time.Since(start)
	runtime.KeepAlive(states) // as the coordinator does until metadata is written
	return lap{took: took, discarded: len(unused.Deletions)}, nil
}

func (o *ours) memory() int64 {
	with := used()
	o.registry = nil
	return with - used()
}

// used is what is alive: the second collection frees what finalizers of the first let go.
func used() int64 {
	runtime.GC()
	runtime.GC()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return int64(stats.HeapAlloc)
}
