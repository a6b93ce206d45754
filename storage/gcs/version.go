package gcs

import (
	"context"
	"strconv"

	"cloud.google.com/go/storage"

	"github.com/cairnstate/cairn/storage/backend"
)

// version is the generation of an object, a number that grows with each one that
// has the name.
func version(generation int64) string {
	if generation == 0 {
		return ""
	}
	return strconv.FormatInt(generation, 10)
}

// generation returns the number, or false of what can be no version of ours.
func generation(version string) (int64, bool) {
	number, err := strconv.ParseInt(version, 10, 64)
	return number, err == nil && number > 0
}

// Swap replaces the object if its generation is old. Only where the answer to it
// got lost and another swapped as well meanwhile it cannot be told which of the two
// was first; the error says so, and is not [backend.ErrChanged].
func (b *Backend) Swap(ctx context.Context, key, old string, data []byte) (string, error) {
	api, err := b.beginWrite(ctx, "swap", key)
	if err != nil {
		return "", err
	}
	conditions := storage.Conditions{DoesNotExist: true}
	if old != "" {
		number, ok := generation(old)
		if !ok {
			return "", b.fail("swap", key, backend.ErrChanged)
		}
		conditions = storage.Conditions{GenerationMatch: number}
	}
	w := b.newWriter(ctx, api, "swap", key, &conditions)
	defer w.Close()
	w.refusal = backend.ErrChanged
	w.held, w.written = data, int64(len(data))
	if err := w.Commit(); err != nil {
		return "", err
	}
	return version(w.generation), nil
}
