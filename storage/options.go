package storage

// Options say where a [BackendStorage] may read, and how stores are reached. Nil
// and the zero value mean: each store by its environment, and nothing outside a
// checkpoint's own directories.
type Options struct {
	// Locations are places that the user knows: "s3://bucket/prefix", "file:///data".
	// State may be read below each of them. The query of a location configures the
	// backend of its scheme and authority, as in
	// "s3://bucket?endpoint=http://127.0.0.1:9000&path-style=true"; each backend
	// documents its parameters and refuses those that it does not know. A store that
	// no location configures is reached as its environment says. What is configured
	// for one bucket holds for no other, and for all aliases of the scheme.
	Locations []string

	// Relocate says where absolute paths of the metadata are now, for checkpoints
	// that were copied. State may be read below each To.
	Relocate []Relocation

	// AllowAnyPath lets metadata name any file of any store that is registered: use
	// it for metadata that you trust.
	AllowAnyPath bool

	// DefaultScheme is the scheme, with an authority if it needs one, of paths that
	// have none (Flink: fs.default-scheme): "file" if empty, or "hdfs://nn:8020".
	DefaultScheme string

	// MaxMetadataSize is the largest metadata file that is read, in bytes;
	// 0 means DefaultMaxMetadataSize. It bounds the memory that a file can claim.
	MaxMetadataSize int64

	// StateRequests is how many requests of [ReadStateRanges] and [OpenStateAt], and
	// how many downloads ([DownloadState]), run at once, of all readers of the storage
	// together; the others queue. 0 means DefaultStateRequests. A stream of OpenState
	// is not one of them: it lasts as long as its reader takes.
	StateRequests int
}

// DefaultStateRequests keeps a fast network busy, and is fewer connections than any
// backend's pool holds.
const DefaultStateRequests = 32

// DefaultMaxMetadataSize is 4 GiB: room for some 40 million file handles.
const DefaultMaxMetadataSize = 4 << 30

// Relocation maps a directory, with all that is below it, to another. Of several
// that match a path the one with the longest From is taken.
type Relocation struct {
	From string // as the metadata has it: "s3://old-bucket/flink/checkpoints"
	To   string
}
