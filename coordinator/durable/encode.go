package durable

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
)

// Why a record cannot be used, for errors.Is.
var (
	// ErrCorrupt says that the file is damaged, or was edited.
	ErrCorrupt = errors.New("the coordinator's record is damaged")

	// ErrVersion says that a newer cairn wrote the file.
	ErrVersion = errors.New("the coordinator's record has a version that is not known here")
)

const (
	recordName    = "_coordinator"
	recordFormat  = "cairn coordinator"
	recordVersion = 1
)

const adviceCorrupt = "bring back the file as it was; or start from a checkpoint of your choice by its pointer, " +
	"with the file moved away, which forgets what is retained and deletes nothing"

// sealed is the file: what it is, and the ledger with its digest.
type sealed struct {
	Format  string          `json:"format"`
	Version int             `json:"version"`
	SHA256  string          `json:"sha256"` // of the bytes of state, from brace to brace
	State   json.RawMessage `json:"state"`
}

// encode writes the ledger as text, for whoever has to read it at night.
func encode(l ledger) ([]byte, error) {
	l.Retained, l.Unfinished, l.Discarding = listed(l.Retained), listed(l.Unfinished), listed(l.Discarding)
	state, err := json.MarshalIndent(l, " ", " ")
	if err != nil {
		return nil, fmt.Errorf("encode the coordinator's record: %w", err)
	}
	var b bytes.Buffer
	fmt.Fprintf(&b, "{\n \"format\": %q,\n \"version\": %d,\n \"sha256\": %q,\n \"state\": %s\n}\n",
		recordFormat, recordVersion, digest(state), state)
	return b.Bytes(), nil
}

// listed writes an empty list as one.
func listed[T any](list []T) []T { return append([]T{}, list...) }

func digest(state []byte) string {
	sum := sha256.Sum256(state)
	return hex.EncodeToString(sum[:])
}

// decode reads what encode wrote. The version is asked before anything else, and what
// is not known is refused: writing it back would lose it.
func decode(data []byte) (ledger, error) {
	var file sealed
	if err := json.Unmarshal(data, &file); err != nil || file.Format != recordFormat {
		return ledger{}, corrupt(fmt.Errorf("it is not one (%w)", cmp.Or(err, errFormat)))
	}
	if file.Version != recordVersion {
		return ledger{}, fmt.Errorf("%w: %d; use the cairn that wrote it, or a newer one", ErrVersion, file.Version)
	}
	if got := digest(file.State); got != file.SHA256 {
		return ledger{}, corrupt(fmt.Errorf("its sha256 is %s, and should be %q", got, file.SHA256))
	}
	var l ledger
	d := json.NewDecoder(bytes.NewReader(file.State))
	d.DisallowUnknownFields()
	if err := d.Decode(&l); err != nil {
		return ledger{}, corrupt(err)
	}
	if l.Epoch < 1 || l.Next < 1 || l.Leader.Token == "" {
		return ledger{}, corrupt(errors.New("it names no leader, or no next id"))
	}
	return l, nil
}

var errFormat = fmt.Errorf("there is no format %q", recordFormat)

func corrupt(why error) error {
	return fmt.Errorf("%w: %w; %s", ErrCorrupt, why, adviceCorrupt)
}
