package checkpoint

import (
	"encoding/binary"

	"github.com/twmb/murmur3"
)

// OperatorIDFromUID returns the id that Flink gives to an operator with the uid:
// the 128-bit MurmurHash3 (x64, seed 0) of its UTF-8 bytes (Flink:
// StreamGraphHasherV2.generateUserSpecifiedHash).
func OperatorIDFromUID(uid string) OperatorID {
	h1, h2 := murmur3.Sum128([]byte(uid))
	var id OperatorID
	binary.LittleEndian.PutUint64(id[:8], h1)
	binary.LittleEndian.PutUint64(id[8:], h2)
	return id
}
