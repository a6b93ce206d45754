package pairs

import (
	"github.com/cairnstate/cairn/checkpoint"
)

// keyedKind is what writes an operator's keyed state.
type keyedKind int

const (
	noKeyed keyedKind = iota
	fullKeyed
	savepointKeyed
	legacyKeyed
	incrementalKeyed
	legacyIncrementalKeyed
	changelogOnFull
	changelogOnIncremental
	keyedKinds
)

func (p *past) keyedState(kind string) checkpoint.KeyedStateHandle {
	r := checkpoint.KeyGroupRangeForSubtask(p.subtask, p.maxParallelism, p.parallelism)
	if p.one(15) { // as after a restore from handles that were not cut
		start := p.Int32N(p.maxParallelism)
		r = checkpoint.KeyGroups(start, start+p.Int32N(p.maxParallelism-start))
	}
	switch p.keyed {
	case fullKeyed:
		return p.full(r, kind, checkpoint.KeyGroupsWithID)
	case savepointKeyed:
		return p.full(r, kind, checkpoint.KeyGroupsSavepoint)
	case legacyKeyed:
		return p.full(r, kind, checkpoint.KeyGroupsWithoutID)
	case incrementalKeyed:
		return p.incremental(r, kind)
	case legacyIncrementalKeyed:
		h := p.incremental(r, kind)
		h.Legacy, h.CheckpointedSize, h.HandleID = true, 0, ""
		return h
	case changelogOnFull:
		return p.changelog(r, kind, p.full(r, kind, checkpoint.KeyGroupsWithID))
	case changelogOnIncremental:
		return p.changelog(r, kind, p.incremental(r, kind))
	}
	return nil
}

func (p *past) full(r checkpoint.KeyGroupRange, kind string, encoding checkpoint.KeyGroupsEncoding) checkpoint.KeyedStateHandle {
	h := &checkpoint.KeyGroupsStateHandle{Encoding: encoding, Range: r, Delegate: p.file(kind)}
	if encoding == checkpoint.KeyGroupsWithID {
		h.HandleID = "full"
	}
	for i := range r.Count {
		h.Offsets = append(h.Offsets, int64(10*(r.Start+i)))
	}
	return h
}

func (p *past) incremental(r checkpoint.KeyGroupRange, kind string) *checkpoint.IncrementalRemoteKeyedStateHandle {
	h := &checkpoint.IncrementalRemoteKeyedStateHandle{
		CheckpointID: 3, BackendID: "3f2c8b4e-0000-0000-0000-000000000001", Range: r,
		CheckpointedSize: 4, MetaState: p.file(kind + "-meta"), HandleID: "incremental",
	}
	for range p.IntN(3) {
		h.SharedState = append(h.SharedState, checkpoint.HandleAndLocalPath{LocalPath: "000001.sst", Handle: p.file(kind + "-shared")})
	}
	if p.one(2) {
		h.PrivateState = append(h.PrivateState, checkpoint.HandleAndLocalPath{LocalPath: "MANIFEST", Handle: p.file(kind + "-private")})
	}
	return h
}

func (p *past) changelog(r checkpoint.KeyGroupRange, kind string, materialized checkpoint.KeyedStateHandle) checkpoint.KeyedStateHandle {
	h := &checkpoint.ChangelogStateBackendHandle{
		Range: r, CheckpointedSize: 4, MaterializationID: 2, CheckpointID: 3, HandleID: "changelog",
	}
	if !p.one(4) {
		h.Materialized = append(h.Materialized, materialized)
	}
	if p.one(2) {
		h.NonMaterialized = append(h.NonMaterialized, p.memoryLog(r))
	}
	if p.one(2) {
		h.NonMaterialized = append(h.NonMaterialized, &checkpoint.ChangelogFileStateHandle{
			Range: r, Parts: []checkpoint.HandleAndOffset{{Offset: 1, Handle: p.file(kind + "-log")}},
			Size: 9, CheckpointedSize: 8, HandleID: "log", StorageIdentifier: "filesystem",
		})
	}
	return h
}

// memoryLog may hold changes of no key group (-1), which are of metadata.
func (p *past) memoryLog(r checkpoint.KeyGroupRange) *checkpoint.InMemoryChangelogStateHandle {
	log := &checkpoint.InMemoryChangelogStateHandle{Range: r, From: 1, To: 2, HandleID: "memory"}
	for range p.IntN(4) {
		keyGroup := r.Start + p.Int32N(r.Count+1) - 1
		log.Changes = append(log.Changes, checkpoint.StateChange{KeyGroup: keyGroup, Change: []byte("z")})
	}
	return log
}
