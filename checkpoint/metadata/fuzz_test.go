package metadata

import (
	"os"
	"testing"
)

// FuzzDecode starts from what real Flink wrote.
func FuzzDecode(f *testing.F) {
	for _, name := range realFiles(f) {
		data, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		if len(data) <= smallFile {
			f.Add(data)
		}
	}
	for _, bomb := range bombs() {
		h := newHostile(Version6)
		bomb(h, 100)
		f.Add(h.buf)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		used := allocatedBy(func() { _, _ = Decode(data, &DecodeOptions{Version7: true}) })
		// Other goroutines of the fuzzer allocate too, and are counted with it.
		if limit := memoryLimit(len(data)) + 1<<20; used > limit {
			t.Errorf("%d bytes of input took %d bytes of memory, %d allowed", len(data), used, limit)
		}
		decodes(t, data)
	})
}
