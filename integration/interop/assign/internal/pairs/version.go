package pairs

import (
	"fmt"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/checkpoint/metadata"
	"github.com/cairnstate/cairn/internal/verdict"
)

// chooseVersion decides in which version of the format the checkpoint is written.
// Nothing was in flight in the times of version 2, nothing could finish, and no
// file was shared. Merged channels came with version 6.
func (g *generator) chooseVersion() int {
	switch {
	case g.merged:
		return metadata.Version6
	case g.one(7):
		g.inFlight, g.finished, g.segments = false, false, false
		g.old = true
		return metadata.Version2
	}
	return metadata.Version3 + g.IntN(4)
}

// empty2 is a file of version 2 without anything in it: checkpoint 5, no master
// states, no operators. What is written in version 2 must have been read in it.
const empty2 = "\x49\x60\x67\x2d" + "\x00\x00\x00\x02" + "\x00\x00\x00\x00\x00\x00\x00\x05" + "\x00\x00\x00\x00" + "\x00\x00\x00\x00"

func newFile(version int) *metadata.File {
	if version != metadata.Version2 {
		return &metadata.File{Version: version, Metadata: checkpoint.Metadata{CheckpointID: 5}}
	}
	file, err := metadata.Decode([]byte(empty2), nil)
	if err != nil {
		panic(fmt.Sprintf("an empty file of version 2: %v", err))
	}
	return file
}

// readBack is the case with the checkpoint as a reader finds it, which is all that
// Flink has of it too.
func readBack(c *verdict.Case) *verdict.Case {
	data, err := metadata.Encode(c.Checkpoint, nil)
	if err == nil {
		c.Checkpoint, err = metadata.Decode(data, nil)
	}
	if err != nil {
		panic(fmt.Sprintf("%s: what was generated is no checkpoint: %v", c.Note, err))
	}
	return c
}
