package sweep

import (
	"context"
	"log/slog"

	"github.com/cairnstate/cairn/checkpoint/metadata"
	"github.com/cairnstate/cairn/coordinator/completed"
	"github.com/cairnstate/cairn/storage"
)

// Sweep looks, decides, and does it, between the restore of a job and its first barrier.
// It tells the logger what goes and what stays; nil is silence. opts, which may be nil,
// say how metadata is decoded. A job can run without: what an error has left is found by
// the next sweep.
func Sweep(ctx context.Context, access *storage.CheckpointStorageAccess, journal completed.Journal, log *slog.Logger, opts *metadata.DecodeOptions) error {
	facts, err := Look(ctx, access, journal, opts)
	if err != nil {
		return err
	}
	plan, err := Decide(facts)
	if err != nil {
		return err
	}
	if log != nil {
		plan.log(ctx, log)
	}
	return plan.Carry(ctx, access, journal.Ended)
}

func (p *Plan) log(ctx context.Context, log *slog.Logger) {
	for _, d := range p.Dispose {
		log.InfoContext(ctx, "sweeping a directory", "checkpoint", d.ID, "directory", d.Directory, "complete", d.Complete, "files", d.Files, "bytes", d.Bytes)
	}
	if len(p.Shared) > 0 {
		log.InfoContext(ctx, "sweeping shared files that no checkpoint mentions", "files", len(p.Shared), "bytes", p.SharedBytes)
	}
	for _, k := range p.Kept {
		log.InfoContext(ctx, "not sweeping a directory", "checkpoint", k.ID, "directory", k.Directory, "because", k.Why)
	}
}
