package simulation

import (
	"encoding/binary"
	"fmt"
	"hash"
	"hash/fnv"
	"io"
	"time"
)

// story is what happened, for the one who has to find out why; and its digest, which
// is the same if the same happened. Its zero value is silent.
type story struct {
	to     io.Writer // nil for silence
	digest hash.Hash64
}

func newStory(to io.Writer) *story { return &story{to: to, digest: fnv.New64a()} }

// tell adds what happened. What a dead process does happens in a dream.
func (s *story) tell(at time.Duration, who *process, what, about string) {
	if who != nil && who.dead {
		return
	}
	var when [8]byte
	binary.LittleEndian.PutUint64(when[:], uint64(at))
	s.digest.Write(when[:])
	name := "the world"
	if who != nil {
		name = who.name
	}
	for _, text := range []string{name, what, about} {
		_, _ = io.WriteString(s.digest, text)
		s.digest.Write([]byte{0})
	}
	if s.to != nil {
		fmt.Fprintf(s.to, "%12s  %-12s %s %s\n", at.Truncate(time.Microsecond), name, what, about)
	}
}

// note adds to the story what does not belong to the digest.
func (s *story) note(at time.Duration, who *process, line []byte) {
	if s.to != nil {
		fmt.Fprintf(s.to, "%12s  %-12s   | %s", at.Truncate(time.Microsecond), who.name, line)
	}
}

// fails adds that something failed. Why does not belong to the digest: of two reasons
// that are true at once an error may name either.
func (s *story) fails(at time.Duration, who *process, what string, err error) {
	s.tell(at, who, what, "")
	s.note(at, who, []byte(err.Error()+"\n"))
}
