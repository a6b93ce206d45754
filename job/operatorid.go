package job

import (
	"encoding/binary"

	"github.com/twmb/murmur3"

	"github.com/cairnstate/cairn/checkpoint"
)

// OperatorIDOfUID returns the id that Flink generates for an operator with
// uid("..."): the 128-bit MurmurHash3 of the uid's UTF-8 bytes, and of nothing
// else (Flink: StreamGraphHasherV2).
func OperatorIDOfUID(uid string) checkpoint.OperatorID {
	low, high := murmur3.Sum128([]byte(uid))
	var id checkpoint.OperatorID
	binary.LittleEndian.PutUint64(id[:8], low)
	binary.LittleEndian.PutUint64(id[8:], high)
	return id
}
