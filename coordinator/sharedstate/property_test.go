package sharedstate_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/coordinator/sharedstate"
)

// Whatever is done to the registry, it answers as its model does.
func TestAgainstModel(t *testing.T) {
	for seed := range uint64(300) {
		againstModel(t, seed)
	}
}

func FuzzAgainstModel(f *testing.F) {
	f.Add(uint64(0))
	f.Fuzz(againstModel)
}

func againstModel(t *testing.T, seed uint64) {
	p := play{T: t, dice: newDice(seed), model: newModel(), registry: sharedstate.New()}
	for step := range 30 + p.IntN(60) {
		p.name = fmt.Sprintf("seed %d, step %d", seed, step)
		p.step()
		if got, want := p.registry.Len(), len(p.model.entries); got != want {
			t.Fatalf("%s: %d paths in use, want %d", p.name, got, want)
		}
	}
}

// play does the same to both.
type play struct {
	*testing.T
	dice
	name     string
	model    *model
	registry *sharedstate.Registry
	lowest   int64
}

func (p *play) step() {
	id := p.lowest + p.Int64N(5)
	switch n := p.IntN(100); {
	case n < 60:
		p.acknowledge(id, p.mentions(true))
	case n < 70:
		p.registry.CheckpointCompleted(id)
		p.model.completed[id] = true
	case n < 88:
		p.unregister(p.lowest + p.Int64N(3))
	case n < 94:
		p.restore(id, p.mentions(false))
	case n < 97:
		p.disown(id, p.mentions(false))
	default:
		p.registry, p.model = p.registry.Successor(), p.model.successor()
	}
}

func (p *play) acknowledge(id int64, mentions []mention) {
	state := p.state(mentions)
	got, err := p.registry.RegisterAcknowledged(id, state)
	filled, wantErr := p.model.acknowledge(id, mentions)
	if !errors.Is(err, wantErr) {
		p.Fatalf("%s: %v, want %v", p.name, err, wantErr)
	}
	if err != nil {
		return
	}
	if (got == state) != (len(filled) == 0) {
		p.Errorf("%s: %d placeholders, and a copy: %t", p.name, len(filled), got != state)
	}
	if diff := cmp.Diff(p.filled(mentions, filled), handles(got)); diff != "" {
		p.Fatalf("%s: handles (-want +got):\n%s", p.name, diff)
	}
}

// filled are the handles of what was acknowledged, with those of then.
func (p *play) filled(mentions []mention, then []checkpoint.StreamStateHandle) (all []checkpoint.StreamStateHandle) {
	for _, m := range mentions {
		switch m.kind {
		case aDirectory:
		case aPlaceholder:
			all, then = append(all, then[0]), then[1:]
		default:
			all = append(all, m.handle())
		}
	}
	return all
}

func handles(s *checkpoint.OperatorSubtaskState) (all []checkpoint.StreamStateHandle) {
	for _, part := range s.ManagedKeyedState.(*checkpoint.ChangelogStateBackendHandle).Materialized {
		h := part.(*checkpoint.IncrementalRemoteKeyedStateHandle)
		for _, file := range slices.Concat(h.SharedState, h.PrivateState) {
			all = append(all, file.Handle)
		}
	}
	return all
}

func (p *play) unregister(lowest int64) {
	p.lowest = max(p.lowest, lowest)
	want, got := p.model.unregister(p.lowest), p.registry.UnregisterUnused(p.lowest)
	byPath := func(a, b sharedstate.Deletion) int { return strings.Compare(a.Path, b.Path) }
	slices.SortFunc(want.Deletions, byPath)
	slices.SortFunc(got.Deletions, byPath)
	if diff := cmp.Diff(want, got); diff != "" {
		p.Fatalf("%s: unused below %d (-want +got):\n%s", p.name, p.lowest, diff)
	}
}

func (p *play) restore(id int64, mentions []mention) {
	cp := p.restored(id, mentions)
	noSharing := p.IntN(2) == 0
	if cp.Owned = p.IntN(3) > 0; noSharing {
		cp.Sharing = checkpoint.NoSharing
	}
	if err := p.registry.Register(cp); err != nil {
		p.Fatalf("%s: %v", p.name, err)
	}
	p.model.register(id, cp.Directory, mentions, cp.Owned, noSharing)
}

func (p *play) disown(id int64, mentions []mention) {
	cp := p.restored(id, mentions)
	p.registry.Disown(cp)
	p.model.disown(cp.Directory, mentions)
}

func (p *play) restored(id int64, mentions []mention) sharedstate.Restored {
	return sharedstate.Restored{CheckpointID: id, Directory: fmt.Sprintf("s3://b/job/chk-%d", id), Operators: []checkpoint.OperatorState{{
		Subtasks: []checkpoint.SubtaskState{{State: p.state(mentions)}},
	}}}
}
