package storage

import (
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
)

// CheckpointStorageLocationReference tells a worker where to write the state of a
// checkpoint. A coordinator sends its bytes with the barrier, in Flink's encoding;
// the worker gives them to [CheckpointStorageAccess.ResolveCheckpointStorageLocation].
//
// It is a comparable value. The zero value is the default reference: the place
// that follows from the job's checkpoint directory and the checkpoint's id.
type CheckpointStorageLocationReference struct{ encoded string }

// referenceMagic begins every reference but the default one
// (AbstractFsCheckpointStorageAccess.REFERENCE_MAGIC_NUMBER).
const referenceMagic = "\x05\x5F\x3F\x18"

// LocationReference returns the reference of the bytes; none are the default one.
// Whether they make sense shows when the reference is resolved.
func LocationReference(encoded []byte) CheckpointStorageLocationReference {
	return CheckpointStorageLocationReference{string(encoded)}
}

func referenceTo(p Path) CheckpointStorageLocationReference {
	return CheckpointStorageLocationReference{referenceMagic + p.String()}
}

// IsDefault reports whether it is the default reference.
func (r CheckpointStorageLocationReference) IsDefault() bool { return r.encoded == "" }

// Bytes returns the encoding, which the caller owns; it is empty for the default
// reference.
func (r CheckpointStorageLocationReference) Bytes() []byte { return []byte(r.encoded) }

// String returns what Flink prints: the hex digits of the encoding, or (default).
func (r CheckpointStorageLocationReference) String() string {
	if r.IsDefault() {
		return "(default)"
	}
	return hex.EncodeToString([]byte(r.encoded))
}

// ErrInvalidReference says that the bytes of a location reference are none.
var ErrInvalidReference = errors.New("not a valid location reference")

// pointer returns the path in the reference.
func (r CheckpointStorageLocationReference) pointer() (string, error) {
	switch {
	case r.IsDefault():
		return "", fmt.Errorf("%w: the default reference has no path", ErrInvalidReference)
	case len(r.encoded) <= len(referenceMagic):
		return "", fmt.Errorf("%w: %d bytes are too few", ErrInvalidReference, len(r.encoded))
	case !strings.HasPrefix(r.encoded, referenceMagic):
		return "", fmt.Errorf("%w: it begins with % x instead of % x", ErrInvalidReference, r.encoded[:len(referenceMagic)], referenceMagic)
	}
	return r.encoded[len(referenceMagic):], nil
}
