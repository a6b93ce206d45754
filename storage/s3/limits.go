package s3

import (
	"strings"

	"github.com/cairnstate/cairn/storage/backend"
)

const (
	maxKey    = 1024
	maxObject = 5 << 40
)

// Limits are those of Amazon S3; that a compatible store keeps the same promises
// is found out by package storagetest. An object is not larger than ten thousand
// parts of [Options.PartSize], growing.
func (b *Backend) Limits() backend.Limits {
	parts := int64(0)
	for sent := 0; sent < maxParts; sent += growEvery {
		parts += growEvery * int64(1+sent/growEvery)
	}
	return backend.Limits{
		MaxKey: maxKey, MaxObject: min(maxObject, parts*int64(b.options.PartSize)), ReadOnly: b.options.ReadOnly,
		SwapsByContent: true, // see Swap
	}
}

// unordered says whether the bucket is a directory bucket of S3 Express, which
// lists its keys in no order.
func (b *Backend) unordered() bool { return strings.HasSuffix(b.bucket, "--x-s3") }
