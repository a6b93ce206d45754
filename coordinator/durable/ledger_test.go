package durable

import (
	"fmt"
	"testing"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/coordinator/completed"
	"github.com/cairnstate/cairn/storage"
)

// place is where a checkpoint is, and nothing more.
type place struct {
	storage.CompletedCheckpointStorageLocation
	pointer string
}

func (p place) ExternalPointer() string { return p.pointer }
func (p place) MetadataPath() string    { return p.pointer + "/_metadata" }

func inJob(id int64) string {
	return fmt.Sprintf("s3://a-bucket-with-a-long-name/checkpoints/of/a/team/a1b2c3d4e5f60708090a0b0c0d0e0f10/chk-%d", id)
}

// Where nothing is ever deleted, what is to be piles up. That must not be the end of the
// job's checkpoints: the record stays small enough to be written, for years.
func TestTheRecordStaysSmall(t *testing.T) {
	properties := checkpoint.CheckpointProperties(checkpoint.RetainOnCancellation)
	l := ledger{Next: 1}.lead(leader{Name: "host"})
	for range 1100 {
		l, _ = l.take() // one that is aborted
		var id int64
		l, id = l.take()
		l, _ = l.add(&completed.Checkpoint{ID: id, Owned: true, Properties: properties, Location: place{pointer: inJob(id)}}, 1, inJob)
	}
	data, err := encode(l)
	if err != nil || len(data) > storage.MaxRecordSize/2 {
		t.Errorf("%d bytes, %v", len(data), err)
	}
	if newest := l.Discarding[len(l.Discarding)-1].ID; newest != 2198 || len(l.Discarding) != mostDiscarding {
		t.Errorf("%d are being discarded, the newest is %d", len(l.Discarding), newest)
	}
	if newest := l.Unfinished[len(l.Unfinished)-1].ID; newest != 2199 || len(l.Unfinished) != mostUnfinished-1 {
		t.Errorf("%d are unfinished, the newest is %d", len(l.Unfinished), newest)
	}
	if oldest := l.Unfinished[0].ID; len(l.Aborted) == 0 || l.Aborted[len(l.Aborted)-1] != oldest-2 {
		t.Errorf("unfinished since %d, given up before: %v", oldest, l.Aborted)
	}
}
