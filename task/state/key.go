package state

import (
	"encoding/binary"
	"fmt"

	"github.com/cairnstate/cairn/checkpoint"
)

// Key is a type of keys: which key group a key falls into, and its bytes. The zero
// value has no hash and is of no use.
type Key[K comparable] struct {
	// HashCode returns Java's hashCode of the key; so keys are where Flink would have
	// them. It must be the same for ever: it decides where state is found.
	HashCode func(K) int32

	// Codec is of the key; nil for [JSON].
	Codec Codec[K]
}

// Group returns the key group of a key among as many as the max parallelism.
func (k Key[K]) Group(key K, maxParallelism int32) int32 {
	return checkpoint.AssignToKeyGroup(k.HashCode(key), maxParallelism)
}

// StringKey is the type of keys that are strings, of java.lang.String's hash code.
func StringKey() Key[string] {
	return Key[string]{HashCode: checkpoint.StringHashCode, Codec: String()}
}

// Int64Key is the type of keys that are java.lang.Long for Flink.
func Int64Key() Key[int64] {
	return Key[int64]{HashCode: func(key int64) int32 { return int32(key ^ int64(uint64(key)>>32)) }, Codec: Int64()}
}

// Int32Key is the type of keys that are java.lang.Integer for Flink.
func Int32Key() Key[int32] {
	return Key[int32]{
		HashCode: func(key int32) int32 { return key },
		Codec: CodecFuncs[int32]{
			AppendFunc: func(to []byte, key int32) ([]byte, error) { return binary.BigEndian.AppendUint32(to, uint32(key)), nil },
			DecodeFunc: decodeInt32,
		},
	}
}

func decodeInt32(data []byte) (int32, error) {
	if len(data) != 4 {
		return 0, fmt.Errorf("%d bytes are no number of 4", len(data))
	}
	return int32(binary.BigEndian.Uint32(data)), nil
}

// ForeignKeyError says that a subtask was asked for a key of another one: records and
// state do not go by the same key.
type ForeignKeyError struct {
	State string
	Key   any
	Group int32
	Own   checkpoint.KeyGroupRange
}

// Error names the key and both places.
func (e *ForeignKeyError) Error() string {
	return fmt.Sprintf("state %q: key %v is in key group %d, this subtask has %s; the stream must be keyed by the key of the state",
		e.State, e.Key, e.Group, e.Own)
}
