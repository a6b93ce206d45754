package metadata

import (
	"io"

	"github.com/cairnstate/cairn/checkpoint"
)

// The versions of the format, by the Flink that first wrote them.
const (
	Version2 = 2 // Flink 1.3 to 1.10
	Version3 = 3 // Flink 1.11 to 1.15: coordinators, channel state, relative files
	Version4 = 4 // Flink 1.16 to 1.20: properties
	Version5 = 5 // Flink 2.0: names and uids of operators
	Version6 = 6 // Flink 2.1 and later: merged channel state
	Version7 = 7 // proposed (FLIP-600), in no release: read and written only on demand

	// CurrentVersion is what new files are best written in.
	CurrentVersion = Version6
)

// File is the content of a _metadata file: the checkpoint, and what it takes to
// write the same bytes again. A new file needs nothing but Version and Metadata.
type File struct {
	Version int
	checkpoint.Metadata

	// PropertiesBlob is the Java object stream that Properties were decoded from
	// (version 4 and later). Encode writes it again as long as it says the same
	// as Properties, else makes a new one.
	PropertiesBlob []byte

	// Trailing is what follows the last byte that Flink reads. Flink writes
	// nothing there and ignores what it finds.
	Trailing []byte

	// EarlyChannelState is set if channel state is in the layout of Flink 1.11,
	// which lacks the index of the subtask (only with version 3).
	EarlyChannelState bool

	// EarlyChangelog is set if changelog handles are in the layout of Flink 1.14,
	// which lacks sizes and ids (only with version 3).
	EarlyChangelog bool

	// readVersion is the version that the file was decoded from, 0 if it was not.
	// Version 2 is only written for what was read as version 2.
	readVersion int

	// source is the data that the file was decoded from.
	source []byte
}

// ChannelStateLayout says how to read channel state in files of version 3, which
// come in two layouts that nothing in the file tells apart.
type ChannelStateLayout uint8

// The layouts of channel state in version 3.
const (
	// ChannelStateAuto reads the current layout, and if the file is not valid in
	// it but is, to its last byte, in the early one, that.
	ChannelStateAuto ChannelStateLayout = iota
	ChannelStateCurrent
	ChannelStateEarly // of Flink 1.11: without the index of the subtask
)

// ChangelogLayout says how to read changelog handles in files of version 3,
// which come in two layouts that nothing in the file tells apart.
type ChangelogLayout uint8

// The layouts of changelog handles in version 3.
const (
	// ChangelogAuto is as ChannelStateAuto.
	ChangelogAuto ChangelogLayout = iota
	ChangelogCurrent
	ChangelogEarly // of Flink 1.14: without sizes and ids; no other Flink reads it
)

// DecodeOptions change how metadata is read. Nil is the same as the zero value.
type DecodeOptions struct {
	// Version7 allows metadata of version 7, which is a proposal and may change.
	Version7 bool

	// ChannelState and Changelog are layouts in files of version 3.
	ChannelState ChannelStateLayout
	Changelog    ChangelogLayout
}

// EncodeOptions change how metadata is written. Nil is the same as the zero
// value, which writes every handle as it is.
type EncodeOptions struct {
	// Version7 allows metadata of version 7, which is a proposal and may change.
	Version7 bool

	// AnchorDir is the directory that relative file handles are relative to now,
	// and ExclusiveDir the one that the metadata is being written to. If both are
	// given and differ, relative handles are written as absolute ones, since they
	// would point into the wrong directory otherwise (FLINK-39964).
	AnchorDir    string
	ExclusiveDir string
}

// Decode reads a whole metadata file. The result aliases data: its strings and
// byte slices are views into it, so data must not be changed as long as the
// result, or anything taken from it, is in use.
//
// Errors are *Error, and wrap one of the sentinels of this package.
func Decode(data []byte, opts *DecodeOptions) (*File, error) {
	if opts == nil {
		opts = &DecodeOptions{}
	}
	return decode(data, *opts)
}

// Read reads r to its end and decodes what it read. The size is how much to
// expect, in bytes, and saves copying; -1 if it is not known.
func Read(r io.Reader, size int64, opts *DecodeOptions) (*File, error) {
	data, err := readAll(r, size)
	if err != nil {
		return nil, err
	}
	return Decode(data, opts)
}

// Encode returns the file as bytes.
func Encode(f *File, opts *EncodeOptions) ([]byte, error) { return Append(nil, f, opts) }

// Append appends the file as bytes to dst and returns the extended slice; dst
// as it was if there is an error.
func Append(dst []byte, f *File, opts *EncodeOptions) ([]byte, error) {
	if opts == nil {
		opts = &EncodeOptions{}
	}
	return appendFile(dst, f, *opts)
}

// Write writes the file to w, in pieces of some 64 KiB; what was read and not
// changed it writes from where it is, in pieces of any size. What is there after
// an error is not to be used.
func Write(w io.Writer, f *File, opts *EncodeOptions) error {
	if opts == nil {
		opts = &EncodeOptions{}
	}
	return writeFile(w, f, *opts)
}
