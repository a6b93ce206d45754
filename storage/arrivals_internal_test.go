package storage

import (
	"bytes"
	"io"
	"math/rand/v2"
	"testing"
)

// Whatever comes, in any order, once or often: what is told is what a map of all bytes
// would tell.
func TestArrivals(t *testing.T) {
	for seed := range uint64(500) {
		random := rand.New(rand.NewPCG(seed, 0))
		came := make([]byte, 60)
		into := make(memory, len(came))
		a := &arrivals{to: into}
		for range 1 + random.IntN(20) {
			from := random.IntN(len(came))
			piece := bytes.Repeat([]byte{1}, random.IntN(min(12, len(came)-from)+1))
			copy(came[from:], piece)
			if n, err := a.WriteAt(piece, int64(from)); n != len(piece) || err != nil {
				t.Fatalf("seed %d: %d, %v", seed, n, err)
			}
		}
		whole := len(came) - len(bytes.TrimLeft(came, "\x01"))
		end := len(bytes.TrimRight(came, "\x00"))
		if a.whole() != int64(whole) || a.end() != int64(end) || !bytes.Equal(into, came) {
			t.Fatalf("seed %d: whole up to %d, want %d; ends at %d, want %d", seed, a.whole(), whole, a.end(), end)
		}
	}
}

// What could not be written has not come.
func TestWhatIsNotWrittenDoesNotArrive(t *testing.T) {
	a := &arrivals{to: make(memory, 4)}
	if n, err := a.WriteAt([]byte("123456"), 0); n != 4 || err == nil || a.end() != 4 {
		t.Errorf("%d, %v, ends at %d", n, err, a.end())
	}
}

// memory is a file that cannot grow.
type memory []byte

func (m memory) WriteAt(p []byte, at int64) (int, error) {
	if n := copy(m[at:], p); n < len(p) {
		return n, io.ErrShortWrite
	}
	return len(p), nil
}
