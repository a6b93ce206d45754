package dump

import (
	"fmt"
	"slices"

	"github.com/cairnstate/cairn/checkpoint"
)

func operatorHandle(handle checkpoint.OperatorStateHandle) any {
	switch h := handle.(type) {
	case nil, *checkpoint.NullOperatorStateHandle:
		return nil
	case *checkpoint.OperatorStreamStateHandle:
		return object{
			"class":    "OperatorStreamStateHandle",
			"states":   partitions(h.States),
			"delegate": stream(h.Delegate),
		}
	case *checkpoint.FileMergingOperatorStreamStateHandle:
		class := "FileMergingOperatorStreamStateHandle"
		if h.Empty {
			class = "EmptyFileMergingOperatorStreamStateHandle"
		}
		return object{
			"class":        class,
			"states":       partitions(h.States),
			"taskOwnedDir": text(h.TaskOwnedDir),
			"sharedDir":    text(h.SharedDir),
			"delegate":     stream(h.Delegate),
		}
	}
	panic(fmt.Sprintf("dump: no words for the operator state handle %T", handle))
}

// partitions sorts by name as Java compares strings: Flink has them in a hash map.
func partitions(states []checkpoint.OperatorStatePartitions) list {
	sorted := slices.SortedFunc(slices.Values(states), func(a, b checkpoint.OperatorStatePartitions) int {
		return slices.Compare(units(a.Name), units(b.Name))
	})
	return each(sorted, func(s checkpoint.OperatorStatePartitions) any {
		return object{"name": text(s.Name), "mode": s.Mode.String(), "offsets": numbers(s.Offsets)}
	})
}
