package sqlbackend_test

import (
	"bytes"
	"io"
	"math/rand/v2"
	"path/filepath"
	"testing"

	"github.com/cairnstate/cairn/storage/backend"
)

// Sizes and ranges around the edge of a chunk are where an index is off by one.
func TestEdgesOfChunks(t *testing.T) {
	const chunk = 1 << 20
	b := open(t, filepath.Join(t.TempDir(), "checkpoints.db"))
	content := make([]byte, 2*chunk+1)
	_, _ = rand.NewChaCha8([32]byte{}).Read(content) // never fails
	for _, size := range []int{chunk - 1, chunk, chunk + 1, 2 * chunk, 2*chunk + 1} {
		put(t, b, "object", content[:size])
		if !bytes.Equal(get(t, b, "object"), content[:size]) {
			t.Errorf("an object of %d bytes reads otherwise", size)
		}
		for _, offset := range []int{0, 1, chunk - 1, chunk, chunk + 1, size - 1, size} {
			for _, length := range []int{1, 2, chunk, size} {
				want := content[min(offset, size):min(offset+length, size)]
				if !bytes.Equal(getRange(t, b, "object", offset, length), want) {
					t.Errorf("of %d bytes, %d at %d read otherwise", size, length, offset)
				}
			}
		}
	}
}

func getRange(t *testing.T, b backend.Backend, key string, offset, length int) []byte {
	t.Helper()
	r, err := b.Open(t.Context(), key, &backend.OpenOptions{Offset: int64(offset), Length: int64(length)})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	data, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return data
}
