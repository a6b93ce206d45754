package state

import (
	"encoding/json"
	"fmt"
)

// Codec turns values into bytes and back. It is used by several goroutines at once.
//
// What Decode reads, earlier versions of the program wrote: a codec is a format.
type Codec[T any] interface {
	// Append appends the bytes of the value.
	Append(to []byte, value T) ([]byte, error)

	// Decode returns the value of all the bytes, which it does not keep.
	Decode(data []byte) (T, error)
}

// CodecFuncs is a [Codec] of two functions.
type CodecFuncs[T any] struct {
	AppendFunc func(to []byte, value T) ([]byte, error)
	DecodeFunc func(data []byte) (T, error)
}

// Append calls AppendFunc.
func (c CodecFuncs[T]) Append(to []byte, value T) ([]byte, error) { return c.AppendFunc(to, value) }

// Decode calls DecodeFunc.
func (c CodecFuncs[T]) Decode(data []byte) (T, error) { return c.DecodeFunc(data) }

// JSON is the codec of encoding/json, which holds where no other is chosen: fields may
// come and go between versions of a program. A type that has fields which it does not see
// must have another one.
func JSON[T any]() Codec[T] {
	return CodecFuncs[T]{
		AppendFunc: func(to []byte, value T) ([]byte, error) {
			data, err := json.Marshal(value)
			return append(to, data...), err
		},
		DecodeFunc: func(data []byte) (value T, err error) {
			err = json.Unmarshal(data, &value)
			return value, err
		},
	}
}

// String is the codec of strings: their bytes.
func String() Codec[string] {
	return CodecFuncs[string]{
		AppendFunc: func(to []byte, value string) ([]byte, error) { return append(to, value...), nil },
		DecodeFunc: func(data []byte) (string, error) { return string(data), nil },
	}
}

// Bytes is the codec of byte slices, which must not be changed once they are state.
func Bytes() Codec[[]byte] {
	return CodecFuncs[[]byte]{
		AppendFunc: func(to []byte, value []byte) ([]byte, error) { return append(to, value...), nil },
		DecodeFunc: func(data []byte) ([]byte, error) { return append([]byte(nil), data...), nil },
	}
}

// Int64 is the codec of numbers: 8 bytes, the most significant one first, as Java's
// DataOutput has them.
func Int64() Codec[int64] {
	return CodecFuncs[int64]{AppendFunc: appendInt64, DecodeFunc: decodeInt64}
}

func appendInt64(to []byte, value int64) ([]byte, error) {
	for shift := 56; shift >= 0; shift -= 8 {
		to = append(to, byte(value>>shift))
	}
	return to, nil
}

func decodeInt64(data []byte) (value int64, err error) {
	if len(data) != 8 {
		return 0, fmt.Errorf("%d bytes are no number of 8", len(data))
	}
	for _, b := range data {
		value = value<<8 | int64(b)
	}
	return value, nil
}
