package storage

import (
	"context"
	"fmt"
	"iter"

	"github.com/cairnstate/cairn/checkpoint"
)

// ReadStateRanges reads many ranges of one handle with few requests: partitions of
// operator state, say, or key groups. Ranges that lie close together come with one
// request, some requests run ahead of who consumes, and memory is bounded, as opts
// say; opts may be nil. All bytes are of one version of the file.
//
// It yields a part for each range in ascending order of offsets, whatever the order
// of ranges; [StatePart.Index] tells which one. A part may be read until the next
// step of the loop. An error is the last thing that is yielded, with no part. The
// sequence is for one goroutine, and reads anew each time that it is used. Leaving
// the loop ends all requests.
//
// At a location of a [BackendStorage] the requests share [Options.StateRequests] with
// all other readers of the storage.
func ReadStateRanges(ctx context.Context, at CompletedCheckpointStorageLocation, handle checkpoint.StreamStateHandle, ranges []StateRange, opts *ReadOptions) iter.Seq2[*StatePart, error] {
	return func(yield func(*StatePart, error) bool) {
		fail := func(err error) {
			yield(nil, fmt.Errorf("storage: read state of %s: %w", redact(at.ExternalPointer()), err))
		}
		source, err := sourceOf(at, handle)
		if err != nil {
			fail(err)
			return
		}
		for _, r := range ranges {
			if err := source.check(r); err != nil {
				fail(err)
				return
			}
		}
		o := opts.orDefaults()
		pipeline := &pipeline{source: source, reads: planReads(ranges, o), ahead: o.ReadAhead}
		pipeline.ctx, pipeline.cancel = context.WithCancel(ctx)
		defer pipeline.stop()
		if err := pipeline.run(yield); err != nil {
			fail(err)
		}
	}
}
