package state

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/restore"
	"github.com/cairnstate/cairn/storage"
)

// ErrForeignState says that a checkpoint has state that this package did not write, as
// that of a Flink job.
var ErrForeignState = errors.New("the state was not written by this package")

// Restore reads the operator's part of an assignment from where the checkpoint is. Of
// keyed state only the blocks of the own key groups are used. It is called once, before
// any state is declared.
func (b *Backend) Restore(ctx context.Context, at storage.CompletedCheckpointStorageLocation, from *restore.OperatorRestore) error {
	if len(from.RawKeyedState) > 0 || from.RawOperatorState.Len() > 0 {
		return fmt.Errorf("state: restore operator %s: it has raw state: %w", from.ID, ErrForeignState)
	}
	for _, handle := range from.ManagedKeyedState {
		if err := b.restoreKeyed(ctx, at, handle); err != nil {
			return fmt.Errorf("state: restore keyed state of operator %s: %w", from.ID, err)
		}
	}
	for handle := range from.ManagedOperatorState.All() {
		if err := b.restoreLists(ctx, at, handle); err != nil {
			return fmt.Errorf("state: restore state of operator %s: %w", from.ID, err)
		}
	}
	return nil
}

// keyedReads are small reads: what is read behind the last own key group is wasted.
func keyedReads() *storage.ReadOptions {
	return &storage.ReadOptions{MaxRequest: 1 << 20, ReadAhead: 2}
}

// restoreKeyed reads the blocks of a handle that are in the own key groups: they lie one
// behind the other.
func (b *Backend) restoreKeyed(ctx context.Context, at storage.CompletedCheckpointStorageLocation, handle checkpoint.KeyedStateHandle) error {
	full, ok := handle.(*checkpoint.KeyGroupsStateHandle)
	if !ok {
		return fmt.Errorf("%T: %w", handle, ErrForeignState)
	}
	groups, begin := ownBlocks(full, b.own)
	if len(groups) == 0 {
		return nil
	}
	all := storage.StateRange{Offset: begin, Length: full.Delegate.StateSize() - begin}
	for part, err := range storage.ReadStateRanges(ctx, at, full.Delegate, []storage.StateRange{all}, keyedReads()) {
		if err != nil {
			return err
		}
		return b.readBlocks(bufio.NewReader(part), groups)
	}
	return fmt.Errorf("%w: key groups begin at %d of %d bytes", ErrDamaged, begin, full.Delegate.StateSize())
}

// ownBlocks returns the own key groups that the handle has data for, and where the first
// block of them begins.
func ownBlocks(handle *checkpoint.KeyGroupsStateHandle, own checkpoint.KeyGroupRange) (groups []int32, begin int64) {
	for i, offset := range handle.Offsets {
		if group := handle.Range.Start + int32(i); offset >= 0 && own.Contains(group) {
			if groups == nil {
				begin = offset
			}
			groups = append(groups, group)
		}
	}
	return groups, begin
}

func (b *Backend) readBlocks(r *bufio.Reader, groups []int32) error {
	for _, group := range groups {
		block, err := readFrame(r)
		if err == nil {
			err = b.addSections(group, block)
		}
		if err != nil {
			return fmt.Errorf("key group %d: %w", group, err)
		}
	}
	return nil
}

// addSections keeps the entries of a block for whoever declares their states.
func (b *Backend) addSections(group int32, block []byte) error {
	for len(block) > 0 {
		name, err := takeString(&block)
		if err != nil {
			return err
		}
		section, err := takeString(&block)
		if err != nil {
			return err
		}
		if b.sections[string(name)] == nil {
			b.sections[string(name)] = make(map[int32][]byte)
		}
		sections := b.sections[string(name)]
		sections[group] = append(sections[group], section...)
	}
	return nil
}

func (b *Backend) restoreLists(ctx context.Context, at storage.CompletedCheckpointStorageLocation, handle checkpoint.OperatorStateHandle) error {
	if handle.DelegateState() == nil {
		return nil
	}
	reader, err := storage.OpenStateAt(ctx, at, handle.DelegateState(), nil)
	if err != nil {
		return err
	}
	defer reader.Close()
	buffered := bufio.NewReader(nil)
	for _, partitions := range handle.Partitions() {
		list := b.elements[partitions.Name]
		if list == nil {
			list = &restoredList{mode: partitions.Mode}
			b.elements[partitions.Name] = list
		}
		for _, offset := range partitions.Offsets {
			buffered.Reset(io.NewSectionReader(reader, offset, reader.Size()-offset))
			element, err := readFrame(buffered)
			if err != nil {
				return fmt.Errorf("list %q, at byte %d: %w", partitions.Name, offset, err)
			}
			list.elements = append(list.elements, element)
		}
	}
	return nil
}
