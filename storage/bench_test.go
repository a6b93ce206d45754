package storage_test

import (
	"os"
	"path/filepath"
	"testing"
)

// BenchmarkResolveAndRead is what resolving and loading cost on a local disk,
// beside the reading of the file itself.
func BenchmarkResolveAndRead(b *testing.B) {
	dir := b.TempDir()
	name := filepath.Join(dir, "_metadata")
	const size = 64 << 10
	if err := os.WriteFile(name, make([]byte, size), 0o666); err != nil {
		b.Fatal(err)
	}
	s := newLocalStorage(b, nil)
	b.Run("os.ReadFile", func(b *testing.B) {
		b.SetBytes(size)
		for b.Loop() {
			if _, err := os.ReadFile(name); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("ResolveCheckpoint", func(b *testing.B) {
		b.SetBytes(size)
		b.ReportAllocs()
		for b.Loop() {
			location, err := s.ResolveCheckpoint(b.Context(), dir)
			if err != nil {
				b.Fatal(err)
			}
			if _, err := location.ReadMetadata(b.Context()); err != nil {
				b.Fatal(err)
			}
			if err := location.Close(); err != nil {
				b.Fatal(err)
			}
		}
	})
}
