package metadata

import (
	"bytes"
	"cmp"
	"os"
	"slices"
	"testing"
)

// exhaustiveVariable makes the tests on damaged files take each byte of each
// real file, and each bit of those that are small: some minutes instead of some
// seconds, in which they take each bit of one file of each version, and samples
// of the others.
const exhaustiveVariable = "CAIRN_EXHAUSTIVE"

const (
	smallFile = 8 << 10
	samples   = 200 // places at which a file is cut that is not taken whole
)

// realFile is a file of testdata.
type realFile struct {
	name  string
	data  []byte
	whole bool // take all of it
}

// damageable returns the files of testdata, the smallest first. Those to take
// whole are the first of each version, or all.
func damageable(t testing.TB) []realFile {
	t.Helper()
	var files []realFile
	for _, name := range realFiles(t) {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, realFile{name: name, data: data})
	}
	slices.SortStableFunc(files, func(a, b realFile) int { return cmp.Compare(len(a.data), len(b.data)) })
	seen := map[byte]bool{}
	for i := range files {
		version := files[i].data[7]
		files[i].whole = !seen[version] || os.Getenv(exhaustiveVariable) != ""
		seen[version] = true
	}
	return files
}

// TestTruncated cuts real files off.
func TestTruncated(t *testing.T) {
	for _, file := range damageable(t) {
		step := max(1, len(file.data)/samples)
		if file.whole {
			step = 1
		}
		used := allocatedBy(func() { cutEach(t, file, step) })
		var allowed uint64
		for n := 0; n < len(file.data); n += step {
			allowed += memoryLimit(n)
		}
		if used > allowed {
			t.Errorf("%s: %d bytes allocated, %d allowed", file.name, used, allowed)
		}
	}
}

func cutEach(t *testing.T, file realFile, step int) {
	for n := 0; n < len(file.data); n += step {
		if _, err := Decode(file.data[:n:n], nil); err == nil {
			t.Errorf("%s: decoded from the first %d of %d bytes", file.name, n, len(file.data))
		}
	}
}

// TestFlipped turns each bit of real files.
func TestFlipped(t *testing.T) {
	var flipped int
	for _, file := range damageable(t) {
		if !file.whole || len(file.data) > smallFile {
			continue
		}
		flipped++
		used := allocatedBy(func() { flipEach(t, file.data) })
		// Each is decoded up to twice, and encoded as often, beside a copy.
		size := uint64(len(file.data))
		if allowed := 8 * size * (2*memoryLimit(len(file.data)) + 4*size); used > allowed {
			t.Errorf("%s: %d bytes allocated, %d allowed", file.name, used, allowed)
		}
	}
	if flipped == 0 {
		t.Error("no file was taken")
	}
}

func flipEach(t *testing.T, data []byte) {
	for i := range data {
		for bit := range 8 {
			data[i] ^= 1 << bit
			decodes(t, bytes.Clone(data))
			data[i] ^= 1 << bit
		}
	}
}
