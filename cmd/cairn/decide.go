package main

import (
	"errors"
	"fmt"
	"strings"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/job"
	"github.com/cairnstate/cairn/restore"
)

// decision is whether a checkpoint restores into a job, before anything is touched.
type decision struct {
	assignment *restore.Assignment // nil if there is none to show
	refused    error               // what makes the answer no, joined
	doubts     []restore.Doubt     // what makes it unknown
}

// decide asks package restore. Of a job with gaps, the operators that are known
// are assigned, and the gaps that matter are doubts.
func decide(md *checkpoint.Metadata, j *job.Job, allowNonRestoredState bool) *decision {
	known, doubts := restore.Doubts(j, md.Operators)
	part := *md
	part.Operators = known
	assignment, err := restore.Decide(&part, j, allowNonRestoredState)
	return &decision{assignment: assignment, refused: restore.Settled(err, doubts), doubts: doubts}
}

// The answers.
const (
	answerYes     = "yes"
	answerNo      = "no"
	answerUnknown = "unknown"
)

func (d *decision) answer() string {
	switch {
	case d.refused != nil:
		return answerNo
	case len(d.doubts) > 0:
		return answerUnknown
	}
	return answerYes
}

// err returns the answer as an error: nil for yes.
func (d *decision) err(metadataFile string) error {
	switch d.answer() {
	case answerNo:
		return negative(fmt.Errorf("%s: does not restore into the job:\n%w%s", metadataFile, d.refused, d.flags()))
	case answerUnknown:
		reasons := make([]string, len(d.doubts))
		for i := range d.doubts {
			reasons[i] = printable(d.doubts[i].Error())
		}
		return errors.New(metadataFile + ": whether it restores is not known:\n" + strings.Join(reasons, "\n"))
	}
	return nil
}

// flags names the flag that package restore, which knows none, means.
func (d *decision) flags() string {
	if !errors.Is(d.refused, restore.ErrUnmappedState) {
		return ""
	}
	return "\nTo lose the state without operator: --allow-non-restored-state"
}
