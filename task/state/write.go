package state

import (
	"crypto/rand"
	"fmt"
	"maps"
	"slices"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/storage"
)

// nowhere is the offset of a key group that has no data.
const nowhere = -1

// writeKeyed writes a block for each key group that has data, and returns where they
// begin.
func (s *Snapshot) writeKeyed(stream *storage.CheckpointStateOutputStream) ([]int64, error) {
	offsets := make([]int64, s.own.Count)
	var block, frame []byte
	for i := range offsets {
		offsets[i] = nowhere
		if err := s.usable(); err != nil {
			return nil, err
		}
		var err error
		if block, err = s.appendBlock(block[:0], s.own.Start+int32(i)); err != nil {
			return nil, err
		}
		if len(block) == 0 {
			continue
		}
		offsets[i] = stream.Pos()
		frame = appendFrame(frame[:0], block)
		if _, err := stream.Write(frame); err != nil {
			return nil, err
		}
	}
	return offsets, nil
}

// appendBlock appends the name and the entries of each state that has some in the group.
func (s *Snapshot) appendBlock(to []byte, group int32) ([]byte, error) {
	var section []byte
	for _, name := range s.names {
		var err error
		if section, err = s.keyed[name].appendGroup(section[:0], group); err != nil {
			return nil, err
		}
		to = appendSection(to, name, section)
	}
	for _, name := range slices.Sorted(maps.Keys(s.sections)) {
		to = appendSection(to, name, s.sections[name][group])
	}
	return to, nil
}

func appendSection(to []byte, name string, section []byte) []byte {
	if len(section) == 0 {
		return to
	}
	return appendString(appendString(to, []byte(name)), section)
}

// writeLists writes a frame for each element, and returns where they begin.
func (s *Snapshot) writeLists(stream *storage.CheckpointStateOutputStream) ([]checkpoint.OperatorStatePartitions, error) {
	var partitions []checkpoint.OperatorStatePartitions
	var element, frame []byte
	for _, list := range s.lists {
		p := checkpoint.OperatorStatePartitions{Name: list.name, Mode: list.mode}
		for i := range list.len {
			if err := s.usable(); err != nil {
				return nil, err
			}
			var err error
			if element, err = list.element(element[:0], i); err != nil {
				return nil, err
			}
			p.Offsets = append(p.Offsets, stream.Pos())
			frame = appendFrame(frame[:0], element)
			if _, err := stream.Write(frame); err != nil {
				return nil, err
			}
		}
		partitions = append(partitions, p)
	}
	return partitions, nil
}

func (s *Snapshot) finishKeyed(stream *storage.CheckpointStateOutputStream, offsets []int64, kind checkpoint.SnapshotType, into *checkpoint.OperatorSubtaskState) error {
	if err := s.usable(); err != nil {
		return err
	}
	handle, err := stream.CloseAndGetHandle()
	if handle == nil || err != nil {
		return err
	}
	keyed := &checkpoint.KeyGroupsStateHandle{Range: s.own, Offsets: offsets, Delegate: handle, HandleID: randomUUID()}
	if kind.Savepoint && kind.Format == checkpoint.Canonical {
		keyed.Encoding, keyed.HandleID = checkpoint.KeyGroupsSavepoint, ""
	}
	into.ManagedKeyedState = keyed
	return nil
}

func (s *Snapshot) finishLists(stream *storage.CheckpointStateOutputStream, partitions []checkpoint.OperatorStatePartitions, into *checkpoint.OperatorSubtaskState) error {
	if err := s.usable(); err != nil {
		return err
	}
	handle, err := stream.CloseAndGetHandle()
	if handle == nil || err != nil {
		return err
	}
	into.ManagedOperatorState = &checkpoint.OperatorStreamStateHandle{States: partitions, Delegate: handle}
	return nil
}

// randomUUID is the identity of a handle, which Flink prints in this form.
func randomUUID() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}
