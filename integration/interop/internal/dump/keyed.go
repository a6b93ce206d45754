package dump

import (
	"crypto/md5"
	"fmt"

	"github.com/cairnstate/cairn/checkpoint"
)

func keyed(handle checkpoint.KeyedStateHandle) any {
	switch h := handle.(type) {
	case nil:
		return nil
	case *checkpoint.KeyGroupsStateHandle:
		return keyedKeyGroups(h)
	case *checkpoint.IncrementalRemoteKeyedStateHandle:
		return incremental(h)
	case *checkpoint.ChangelogStateBackendHandle:
		return changelog(h)
	case *checkpoint.InMemoryChangelogStateHandle:
		return object{
			"class":     "InMemoryChangelogStateHandle",
			"keyGroups": keyGroupRange(h.Range),
			"from":      h.From,
			"to":        h.To,
			"changes":   each(h.Changes, change),
			"handleId":  text(h.HandleID),
		}
	case *checkpoint.ChangelogFileStateHandle:
		return changelogFile(h)
	}
	panic(fmt.Sprintf("dump: no words for the keyed state handle %T", handle))
}

func keyedKeyGroups(h *checkpoint.KeyGroupsStateHandle) any {
	class := "KeyGroupsStateHandle"
	if h.Encoding == checkpoint.KeyGroupsSavepoint {
		class = "KeyGroupsSavepointStateHandle"
	}
	o := keyGroups(class, h)
	o["handleId"] = storedID(h.HandleID, h.Encoding == checkpoint.KeyGroupsWithID)
	return o
}

// storedID is nil where the encoding has no room for an id.
func storedID(id string, stored bool) any {
	if !stored {
		return nil
	}
	return text(id)
}

func incremental(h *checkpoint.IncrementalRemoteKeyedStateHandle) any {
	size := h.CheckpointedSize
	if h.Legacy || size == -1 {
		size = h.StateSize()
	}
	return object{
		"class":            "IncrementalRemoteKeyedStateHandle",
		"checkpointId":     h.CheckpointID,
		"backendId":        backendID(h.BackendID),
		"keyGroups":        keyGroupRange(h.Range),
		"checkpointedSize": size,
		"meta":             stream(h.MetaState),
		"shared":           each(h.SharedState, file),
		"private":          each(h.PrivateState, file),
		"handleId":         storedID(h.HandleID, !h.Legacy),
	}
}

func file(f checkpoint.HandleAndLocalPath) any {
	return object{"localPath": text(f.LocalPath), "handle": stream(f.Handle)}
}

// backendID is the text if it is a UUID, and else the one that Java makes from
// it (UUID.nameUUIDFromBytes), as Flink did for files from before FLINK-6964.
func backendID(id string) any {
	var a uint32
	var b, c, d uint16
	var e uint64
	const form = "%08x-%04x-%04x-%04x-%012x"
	if n, err := fmt.Sscanf(id, form, &a, &b, &c, &d, &e); err == nil && n == 5 && fmt.Sprintf(form, a, b, c, d, e) == id {
		return id
	}
	sum := md5.Sum([]byte(id))
	sum[6] = sum[6]&0x0f | 0x30
	sum[8] = sum[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", sum[:4], sum[4:6], sum[6:8], sum[8:10], sum[10:])
}

func changelog(h *checkpoint.ChangelogStateBackendHandle) any {
	id := h.CheckpointID
	if h.Legacy {
		id = h.MaterializationID
	}
	return object{
		"class":             "ChangelogStateBackendHandleImpl",
		"keyGroups":         keyGroupRange(h.Range),
		"checkpointedSize":  h.CheckpointedSize,
		"materialized":      each(withoutNil(h.Materialized), keyed),
		"nonMaterialized":   each(h.NonMaterialized, keyed),
		"materializationId": h.MaterializationID,
		"checkpointId":      id,
		"handleId":          text(h.HandleID),
	}
}

// withoutNil drops the parts that are not there, which Flink does with a warning.
func withoutNil(handles []checkpoint.KeyedStateHandle) []checkpoint.KeyedStateHandle {
	var there []checkpoint.KeyedStateHandle
	for _, h := range handles {
		if h != nil {
			there = append(there, h)
		}
	}
	return there
}

func change(c checkpoint.StateChange) any {
	return object{"keyGroup": int64(c.KeyGroup), "bytes": hexOrDigest(c.Change)}
}

func changelogFile(h *checkpoint.ChangelogFileStateHandle) any {
	storage := h.StorageIdentifier
	if h.Legacy {
		storage = "filesystem"
	}
	return object{
		"class":     "ChangelogStateHandleStreamImpl",
		"keyGroups": keyGroupRange(h.Range),
		"parts": each(h.Parts, func(p checkpoint.HandleAndOffset) any {
			return object{"offset": p.Offset, "handle": stream(p.Handle)}
		}),
		"size":              h.Size,
		"checkpointedSize":  h.CheckpointedSize,
		"storageIdentifier": text(storage),
		"handleId":          text(h.HandleID),
	}
}
