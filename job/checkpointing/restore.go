package checkpointing

import (
	"fmt"
	"strings"
)

// SavepointRestoreSettings say what a job is to be restored from (Flink: class of
// the same name).
type SavepointRestoreSettings struct {
	// Path is the pointer of a savepoint or retained checkpoint; empty for none.
	Path string

	// AllowNonRestoredState lets state be left behind that no operator of the job
	// takes.
	AllowNonRestoredState bool

	ClaimMode ClaimMode
}

// ClaimMode says to whom the files of a restored snapshot belong afterwards
// (Flink: RecoveryClaimMode).
type ClaimMode uint8

// The claim modes.
const (
	// NoClaim leaves the snapshot to the user, and the job does not build on it:
	// its first checkpoint is full. It is the default.
	NoClaim ClaimMode = iota

	// Claim makes the snapshot the job's own, which deletes it when it is no
	// longer needed, as it does its own checkpoints.
	Claim

	// Legacy leaves the snapshot to the user, but the job may build on it: who
	// deletes it may break the job's checkpoints.
	Legacy
)

var claimModeNames = []string{NoClaim: "NO_CLAIM", Claim: "CLAIM", Legacy: "LEGACY"}

// String returns Flink's name of the mode.
func (m ClaimMode) String() string { return nameOf("ClaimMode", claimModeNames, int(m)) }

// ParseClaimMode reads a mode as String writes it, in upper or lower case.
func ParseClaimMode(text string) (ClaimMode, error) {
	for mode, name := range claimModeNames {
		if strings.EqualFold(text, name) {
			return ClaimMode(mode), nil
		}
	}
	return 0, fmt.Errorf("unknown claim mode %q: want no_claim, claim or legacy", text)
}

// MarshalText writes what String does.
func (m ClaimMode) MarshalText() ([]byte, error) { return []byte(m.String()), nil }

// UnmarshalText reads what ParseClaimMode does.
func (m *ClaimMode) UnmarshalText(text []byte) (err error) {
	*m, err = ParseClaimMode(string(text))
	return err
}
