package checkpoint

import (
	"encoding/hex"
	"fmt"
)

// OperatorID identifies an operator across executions of a job. It is printed
// and parsed as 32 lower-case hex digits, in the order in which Flink stores the
// bytes, so String of an id read from a file is what Flink's UI shows.
type OperatorID [16]byte

// JobID identifies one execution of a job. It has the form of an OperatorID.
type JobID [16]byte

// JobVertexID identifies a job vertex: a chain of operators that run in one
// task. It equals the OperatorID of the chain's head.
type JobVertexID [16]byte

// String returns the 32 hex digits.
func (id OperatorID) String() string { return hex.EncodeToString(id[:]) }

// String returns the 32 hex digits.
func (id JobID) String() string { return hex.EncodeToString(id[:]) }

// String returns the 32 hex digits.
func (id JobVertexID) String() string { return hex.EncodeToString(id[:]) }

// MarshalText makes ids print as hex in JSON and YAML.
func (id OperatorID) MarshalText() ([]byte, error) { return []byte(id.String()), nil }

// MarshalText makes ids print as hex in JSON and YAML.
func (id JobID) MarshalText() ([]byte, error) { return []byte(id.String()), nil }

// MarshalText makes ids print as hex in JSON and YAML.
func (id JobVertexID) MarshalText() ([]byte, error) { return []byte(id.String()), nil }

// UnmarshalText parses what MarshalText writes.
func (id *OperatorID) UnmarshalText(text []byte) error { return parseID((*[16]byte)(id), text) }

// UnmarshalText parses what MarshalText writes.
func (id *JobID) UnmarshalText(text []byte) error { return parseID((*[16]byte)(id), text) }

// UnmarshalText parses what MarshalText writes.
func (id *JobVertexID) UnmarshalText(text []byte) error { return parseID((*[16]byte)(id), text) }

// ParseOperatorID parses 32 hex digits of either case.
func ParseOperatorID(s string) (OperatorID, error) {
	var id OperatorID
	return id, id.UnmarshalText([]byte(s))
}

// ParseJobID parses 32 hex digits of either case.
func ParseJobID(s string) (JobID, error) {
	var id JobID
	return id, id.UnmarshalText([]byte(s))
}

func parseID(id *[16]byte, text []byte) error {
	if len(text) != 2*len(id) {
		return fmt.Errorf("id %q: want 32 hex digits, got %d characters", text, len(text))
	}
	var parsed [16]byte
	if _, err := hex.Decode(parsed[:], text); err != nil {
		return fmt.Errorf("id %q: %w", text, err)
	}
	*id = parsed
	return nil
}
