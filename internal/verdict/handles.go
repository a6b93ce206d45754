package verdict

import (
	"fmt"
	"slices"
	"strings"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/restore"
)

func stream(h checkpoint.StreamStateHandle) string {
	switch h := h.(type) {
	case *checkpoint.RelativeFileStateHandle:
		return "./" + h.RelativePath
	case *checkpoint.SegmentFileStateHandle:
		return fmt.Sprintf("%s#%d+%d", h.PhysicalPath, h.StartPos, h.Size)
	case *checkpoint.EmptySegmentFileStateHandle:
		return "empty#0+0"
	case *checkpoint.FileStateHandle:
		return h.Path
	case *checkpoint.ByteStreamStateHandle:
		return "inline:" + h.HandleName
	}
	return fmt.Sprintf("unknown stream %T", h)
}

func join[T any](values []T, text func(T) string) string {
	texts := make([]string, len(values))
	for i, value := range values {
		texts[i] = text(value)
	}
	return strings.Join(texts, " ")
}

func sorted[T any](values []T, text func(T) string) string {
	texts := make([]string, len(values))
	for i, value := range values {
		texts[i] = text(value)
	}
	slices.Sort(texts)
	return strings.Join(texts, " ")
}

func operatorStates(handles restore.OperatorStateHandles) string {
	return sorted(slices.Collect(handles.All()), func(h checkpoint.OperatorStateHandle) string {
		return stream(h.DelegateState()) + "{" + sorted(h.Partitions(), partitions) + "}"
	})
}

func partitions(p checkpoint.OperatorStatePartitions) string {
	return fmt.Sprintf("%s:%s%d", p.Name, p.Mode, p.Offsets)
}

func keyedAll(handles []checkpoint.KeyedStateHandle) string { return join(handles, keyed) }

func keyed(h checkpoint.KeyedStateHandle) string {
	r := span(h.KeyGroups())
	switch h := h.(type) {
	case *checkpoint.KeyGroupsStateHandle:
		kind := "full"
		if h.Encoding == checkpoint.KeyGroupsSavepoint {
			kind = "savepoint"
		}
		return fmt.Sprintf("%s%s%d@%s", kind, r, h.Offsets, stream(h.Delegate))
	case *checkpoint.IncrementalRemoteKeyedStateHandle:
		return fmt.Sprintf("incremental%s%d@%s{%s|%s}", r, h.CheckpointID, stream(h.MetaState),
			join(h.SharedState, file), join(h.PrivateState, file))
	case *checkpoint.ChangelogStateBackendHandle:
		id := h.CheckpointID
		if h.Legacy {
			id = h.MaterializationID // as Flink reads it
		}
		return fmt.Sprintf("changelog%s%d/%d{%s|%s}", r, id, h.MaterializationID,
			keyedAll(h.Materialized), keyedAll(h.NonMaterialized))
	case *checkpoint.InMemoryChangelogStateHandle:
		return fmt.Sprintf("memory%s{%s}", r, join(h.Changes, func(c checkpoint.StateChange) string { return fmt.Sprint(c.KeyGroup) }))
	case *checkpoint.ChangelogFileStateHandle:
		storage := h.StorageIdentifier
		if h.Legacy {
			storage = "filesystem" // as Flink reads it
		}
		return fmt.Sprintf("log%s%d/%s{%s}", r, h.Size, storage, join(h.Parts, part))
	}
	return fmt.Sprintf("unknown keyed state %T", h)
}

// span writes a range as Flink keeps it, where the empty one is 0 to -1.
func span(r checkpoint.KeyGroupRange) string { return fmt.Sprintf("[%d,%d]", r.Start, r.Last()) }

func file(f checkpoint.HandleAndLocalPath) string { return f.LocalPath + "=" + stream(f.Handle) }

func part(p checkpoint.HandleAndOffset) string {
	return fmt.Sprintf("%d@%s", p.Offset, stream(p.Handle))
}
