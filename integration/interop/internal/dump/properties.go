package dump

import "github.com/cairnstate/cairn/checkpoint"

func properties(p *checkpoint.Properties) any {
	if p == nil {
		return nil
	}
	return object{
		"forced":           p.Forced,
		"discardSubsumed":  p.DiscardSubsumed,
		"discardFinished":  p.DiscardFinished,
		"discardCancelled": p.DiscardCancelled,
		"discardFailed":    p.DiscardFailed,
		"discardSuspended": p.DiscardSuspended,
		"unclaimed":        p.Unclaimed,
		"type":             snapshotType(p.Type),
	}
}

func snapshotType(t checkpoint.SnapshotType) any {
	o := object{
		"class":                "CheckpointType",
		"name":                 t.Name,
		"sharingFilesStrategy": string(t.Sharing),
	}
	if t.Savepoint {
		o["class"] = "SavepointType"
		o["formatType"] = string(t.Format)
		o["postCheckpointAction"] = string(t.Action)
	}
	return o
}
