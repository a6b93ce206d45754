package local

import (
	"errors"
)

// ErrUnaligned says that a job asks for unaligned checkpoints, or has some.
var ErrUnaligned = errors.New("unaligned checkpoints are not for package local; turn execution.checkpointing.unaligned.enabled off")

// checkSettings refuses what barriers here cannot do.
func (r *Runtime) checkSettings() error {
	if r.graph.Checkpointing.Coordinator.Unaligned {
		return ErrUnaligned
	}
	return nil
}
