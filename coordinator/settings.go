package coordinator

import (
	"fmt"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/job/checkpointing"
)

// SavepointRestoreSettings say what a job is to be restored from.
type SavepointRestoreSettings = checkpointing.SavepointRestoreSettings

// ClaimMode says to whom the files of a restored snapshot belong afterwards.
type ClaimMode = checkpointing.ClaimMode

// The claim modes. NoClaim is the default.
const (
	NoClaim = checkpointing.NoClaim
	Claim   = checkpointing.Claim
	Legacy  = checkpointing.Legacy
)

// ParseClaimMode reads a mode as its String writes it, in upper or lower case.
func ParseClaimMode(text string) (ClaimMode, error) { return checkpointing.ParseClaimMode(text) }

// restoredProperties returns what a snapshot is in the job that restores it in a mode;
// own are the properties of the job's own checkpoints.
func restoredProperties(mode ClaimMode, own checkpoint.Properties) (checkpoint.Properties, error) {
	switch mode {
	case Claim:
		return own, nil
	case NoClaim:
		return checkpoint.UnclaimedProperties(), nil
	case Legacy:
		return checkpoint.SavepointProperties(checkpoint.Canonical, checkpoint.ActionNone, false), nil
	}
	return checkpoint.Properties{}, fmt.Errorf("coordinator: unknown claim mode %d: want no_claim, claim or legacy", mode)
}
