package durable

import (
	"cmp"
	"path"
	"slices"
	"time"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/coordinator/completed"
	"github.com/cairnstate/cairn/storage"
)

// entry is a retained checkpoint: what its metadata does not tell.
type entry struct {
	ID         int64       `json:"id"`
	Pointer    string      `json:"pointer"`
	Metadata   string      `json:"metadata,omitempty"` // the file, if it is not the pointer's _metadata
	Owned      bool        `json:"owned"`
	Properties properties  `json:"properties"`
	CreatedAs  *properties `json:"createdAs,omitempty"`
	Triggered  time.Time   `json:"triggered,omitzero"`
	Completed  time.Time   `json:"completed,omitzero"`

	// Operators are those that the job took up of a snapshot that is not its own: it
	// may have dropped others. The metadata of its own has the right ones.
	Operators []string `json:"operators,omitempty"`

	checkpoint *completed.Checkpoint // nil until it is loaded
}

func newEntry(c *completed.Checkpoint) entry {
	e := entry{
		ID: c.ID, Pointer: c.ExternalPointer(), Owned: c.Owned, Properties: propertiesOf(c.Properties),
		Triggered: c.Triggered.UTC(), Completed: c.Completed.UTC(), checkpoint: c,
	}
	if file := c.Location.MetadataPath(); path.Base(file) != storage.MetadataFileName {
		e.Metadata = file
	}
	if c.CreatedAs != nil {
		created := propertiesOf(*c.CreatedAs)
		e.CreatedAs = &created
	}
	if c.Triggered.IsZero() {
		for i := range c.Operators {
			e.Operators = append(e.Operators, c.Operators[i].ID.String())
		}
	}
	return e
}

// file is what finds the metadata.
func (e *entry) file() string { return cmp.Or(e.Metadata, e.Pointer) }

// fill makes of what the metadata tells the checkpoint that was added.
func (e *entry) fill(m checkpoint.Metadata) *completed.Checkpoint {
	c := &completed.Checkpoint{
		ID: e.ID, Operators: m.Operators, MasterStates: m.MasterStates,
		Properties: e.Properties.value(), Owned: e.Owned, Triggered: e.Triggered, Completed: e.Completed,
	}
	if e.CreatedAs != nil {
		created := e.CreatedAs.value()
		c.CreatedAs = &created
	}
	if e.Triggered.IsZero() {
		c.Operators = slices.DeleteFunc(c.Operators, func(o checkpoint.OperatorState) bool {
			return !slices.Contains(e.Operators, o.ID.String())
		})
	}
	return c
}

// properties are [checkpoint.Properties] as they are written.
type properties struct {
	Type      string   `json:"type"`
	Sharing   string   `json:"sharing"`
	Savepoint bool     `json:"savepoint,omitempty"`
	Format    string   `json:"format,omitempty"`
	Action    string   `json:"action,omitempty"`
	Forced    bool     `json:"forced,omitempty"`
	Unclaimed bool     `json:"unclaimed,omitempty"`
	Discard   []string `json:"discard,omitempty"` // when
}

// occasions are the words for what discards a checkpoint.
func occasions(p *checkpoint.Properties) map[string]*bool {
	return map[string]*bool{
		"subsumed": &p.DiscardSubsumed, "finished": &p.DiscardFinished, "cancelled": &p.DiscardCancelled,
		"failed": &p.DiscardFailed, "suspended": &p.DiscardSuspended,
	}
}

func propertiesOf(p checkpoint.Properties) properties {
	written := properties{
		Type: p.Type.Name, Sharing: string(p.Type.Sharing), Savepoint: p.Type.Savepoint,
		Format: string(p.Type.Format), Action: string(p.Type.Action), Forced: p.Forced, Unclaimed: p.Unclaimed,
	}
	for when, discard := range occasions(&p) {
		if *discard {
			written.Discard = append(written.Discard, when)
		}
	}
	slices.Sort(written.Discard)
	return written
}

func (w properties) value() checkpoint.Properties {
	p := checkpoint.Properties{
		Type: checkpoint.SnapshotType{
			Name: w.Type, Sharing: checkpoint.SharingFilesStrategy(w.Sharing), Savepoint: w.Savepoint,
			Format: checkpoint.SavepointFormat(w.Format), Action: checkpoint.PostCheckpointAction(w.Action),
		},
		Forced: w.Forced, Unclaimed: w.Unclaimed,
	}
	for when, discard := range occasions(&p) {
		*discard = slices.Contains(w.Discard, when)
	}
	return p
}
