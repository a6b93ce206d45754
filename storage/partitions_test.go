package storage_test

import (
	"fmt"
	"testing"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/checkpoint/metadata"
	"github.com/cairnstate/cairn/storage"
)

func operatorState(size int64, offsets ...[]int64) checkpoint.OperatorStateHandle {
	h := &checkpoint.OperatorStreamStateHandle{Delegate: relative("data", size)}
	for i, o := range offsets {
		h.States = append(h.States, checkpoint.OperatorStatePartitions{Name: fmt.Sprint(i), Offsets: o})
	}
	return h
}

func TestPartitionRanges(t *testing.T) {
	for want, h := range map[string]checkpoint.OperatorStateHandle{
		"[]":                              operatorState(5),
		"[[{2 8}]]":                       operatorState(10, []int64{2}),
		"[[{2 3} {7 3}] [] [{5 2}]]":      operatorState(10, []int64{2, 7}, nil, []int64{5}),
		"[[{7 3} {2 5}]]":                 operatorState(10, []int64{7, 2}),
		"[[{2 8} {2 8} {10 0}] [{10 0}]]": operatorState(10, []int64{2, 2, 10}, []int64{10}),
	} {
		if got, err := storage.PartitionRanges(h); err != nil || fmt.Sprint(got) != want {
			t.Errorf("%v, %v, want %s", got, err, want)
		}
	}
	for _, h := range []checkpoint.OperatorStateHandle{operatorState(10, []int64{11}), operatorState(10, []int64{-1}), operatorState(-1, []int64{0})} {
		if got, err := storage.PartitionRanges(h); err == nil {
			t.Errorf("of damaged metadata: %v", got)
		}
	}
	if got, err := storage.PartitionRanges(nil); got != nil || err != nil {
		t.Errorf("of nothing: %v, %v", got, err)
	}
}

// TestPartitionsThatFlinkWrote reads each partition of all operator state that real
// Flink wrote for us. All begin after the header, and none is empty.
func TestPartitionsThatFlinkWrote(t *testing.T) {
	partitions := 0
	for _, snapshot := range snapshots(t) {
		t.Run(snapshot.name, func(t *testing.T) {
			s := newLocalStorage(t, &storage.Options{Relocate: []storage.Relocation{{From: snapshot.madeAt, To: snapshot.dir}}})
			location := resolve(t, s, snapshot.pointer)
			for _, h := range operatorHandles(t, location) {
				lists, err := storage.PartitionRanges(h)
				must(t, err)
				for _, ranges := range lists {
					for part, err := range storage.ReadStateRanges(t.Context(), location, h.DelegateState(), ranges, nil) {
						must(t, err)
						got, err := part.Bytes()
						must(t, err)
						if partitions++; len(got) == 0 || int64(len(got)) != ranges[part.Index].Length {
							t.Errorf("partition %+v has %d bytes", ranges[part.Index], len(got))
						}
					}
				}
			}
		})
	}
	if partitions < 100 {
		t.Errorf("found %d partitions; there must be more", partitions)
	}
}

func operatorHandles(t *testing.T, location storage.CompletedCheckpointStorageLocation) []checkpoint.OperatorStateHandle {
	t.Helper()
	data, err := location.ReadMetadata(t.Context())
	must(t, err)
	decoded, err := metadata.Decode(data, nil)
	must(t, err)
	var found []checkpoint.OperatorStateHandle
	for _, operator := range decoded.Operators {
		for _, subtask := range operator.Subtasks {
			if subtask.State == nil {
				continue
			}
			for _, h := range []checkpoint.OperatorStateHandle{subtask.State.ManagedOperatorState, subtask.State.RawOperatorState} {
				if h != nil && h.DelegateState() != nil {
					found = append(found, h)
				}
			}
		}
	}
	return found
}
