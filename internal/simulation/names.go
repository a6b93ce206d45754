package simulation

import (
	crand "crypto/rand"
	"encoding/binary"
	"math/rand/v2"
	"sync"
)

// seedNames has random names come from the seed, and returns what ends that. Files of
// state are named at random, and listings are in the order of names.
func seedNames(seed uint64) (restore func()) {
	var key [32]byte
	binary.LittleEndian.PutUint64(key[:], seed)
	before := crand.Reader
	crand.Reader = &names{from: rand.NewChaCha8(key)}
	return func() { crand.Reader = before }
}

// names is a source that two goroutines may ask at once.
type names struct {
	mu   sync.Mutex
	from *rand.ChaCha8
}

func (n *names) Read(p []byte) (int, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.from.Read(p)
}
