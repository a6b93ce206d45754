package storage

import (
	"cmp"
	"fmt"

	"github.com/cairnstate/cairn/storage/backend"
)

// AccessOptions say how a job writes its checkpoints. Nil and the zero value are
// Flink's defaults.
type AccessOptions struct {
	// DefaultSavepointDirectory is where savepoints go whose target is not given
	// (Flink: execution.checkpointing.savepoint-dir). If it is empty they have none.
	DefaultSavepointDirectory string

	// NoJobDirectory leaves out the directory named by the job id (Flink:
	// execution.checkpointing.create-subdir: false). Two jobs must not share a
	// checkpoint directory then.
	NoJobDirectory bool

	// InlineThreshold is the largest state, in bytes, that becomes a part of the
	// metadata instead of a file (Flink: execution.checkpointing.data-inline-threshold).
	// 0 means DefaultInlineThreshold, a negative number that all state becomes files;
	// MaxInlineThreshold is the most.
	InlineThreshold int

	// WriteBufferSize is how many bytes of a state stream are gathered before they
	// are given to the store (Flink: execution.checkpointing.write-buffer-size); 0
	// means DefaultWriteBufferSize. The buffer is never smaller than the threshold.
	WriteBufferSize int

	// EntropyKey is what stands in the checkpoint directory for random characters
	// (Flink: s3.entropy.key), as "_entropy_" in "s3://bucket/_entropy_/checkpoints";
	// if it is empty, nothing does. It means nothing on local disks. EntropyLength is
	// how many characters there are; 0 means 4.
	EntropyKey    string
	EntropyLength int

	// AllowVolatile accepts stores that forget everything with the process, as in
	// tests.
	AllowVolatile bool
}

// The sizes of state streams, in bytes; they are Flink's.
const (
	DefaultInlineThreshold = 20 << 10
	MaxInlineThreshold     = 1 << 20
	DefaultWriteBufferSize = 4096
)

// writing are options whose defaults are filled in.
type writing struct {
	threshold int
	buffer    int
	entropy   entropy
	needs     []backend.Need
}

func (o *AccessOptions) writing() (writing, error) {
	w := writing{
		threshold: max(cmp.Or(o.InlineThreshold, DefaultInlineThreshold), -1),
		buffer:    cmp.Or(o.WriteBufferSize, DefaultWriteBufferSize),
		entropy:   entropy{o.EntropyKey, cmp.Or(o.EntropyLength, defaultEntropyLength)},
		needs:     []backend.Need{backend.Writing, backend.ExclusiveCreate, backend.ListAfterWrite},
	}
	if !o.AllowVolatile {
		w.needs = append(w.needs, backend.Durability)
	}
	if w.threshold > MaxInlineThreshold {
		return writing{}, fmt.Errorf("storage: the inline threshold is %d bytes, %d are allowed: every restore reads the metadata whole", w.threshold, MaxInlineThreshold)
	}
	if w.buffer < 0 {
		return writing{}, fmt.Errorf("storage: the write buffer size is negative: %d", w.buffer)
	}
	w.buffer = max(w.buffer, w.threshold)
	return w, w.entropy.check()
}
