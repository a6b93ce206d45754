package metadata_test

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/cairnstate/cairn/checkpoint/metadata"
)

// corpusVariable names a folder with metadata files of real Flink.
const corpusVariable = "CAIRN_CORPUS"

// TestCorpus reads every _metadata file below the folder that CAIRN_CORPUS
// names, and writes it again to the same bytes; versions 0 and 1 it refuses.
func TestCorpus(t *testing.T) {
	dir := os.Getenv(corpusVariable)
	if dir == "" {
		t.Skipf("THE CORPUS WAS NOT READ: set %s to a folder with _metadata files of real Flink", corpusVariable)
	}
	var read, refused int
	for path, data := range metadataFiles(t, dir) {
		_, err := metadata.Decode(data, nil)
		if len(data) > 7 && data[7] < metadata.Version2 {
			refused++
			if !errors.Is(err, metadata.ErrUnsupportedVersion) {
				t.Errorf("%s: version %d: got %v, want ErrUnsupportedVersion", path, data[7], err)
			}
			continue
		}
		read++
		sameBytes(t, path, data)
	}
	if read == 0 {
		t.Fatalf("%s=%s: no _metadata file of version 2 or later below it", corpusVariable, dir)
	}
	report := fmt.Sprintf("corpus %s: read %d, rewrote %d to the same bytes, refused %d of versions 0 and 1", dir, read, read, refused)
	if t.Failed() {
		report = "FAILED: " + report
	}
	t.Log(report)
	fmt.Println(report)
}

// metadataFiles returns the _metadata files below a folder, by path.
func metadataFiles(t testing.TB, dir string) map[string][]byte {
	t.Helper()
	files := map[string][]byte{}
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || entry.Name() != "_metadata" {
			return err
		}
		files[path], err = os.ReadFile(path)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// sameBytes checks that data decodes, and encodes to the same bytes again, in
// one piece and through a writer.
func sameBytes(t *testing.T, path string, data []byte) *metadata.File {
	t.Helper()
	f, err := metadata.Decode(data, nil)
	if err != nil {
		t.Errorf("%s: %v", path, err)
		return nil
	}
	again, err := metadata.Encode(f, nil)
	if err != nil || !bytes.Equal(again, data) {
		t.Errorf("%s: encoded again to %d bytes, want the same %d; error %v", path, len(again), len(data), err)
	}
	var written bytes.Buffer
	if err := metadata.Write(&written, f, nil); err != nil || !bytes.Equal(written.Bytes(), data) {
		t.Errorf("%s: written again to %d bytes, want the same %d; error %v", path, written.Len(), len(data), err)
	}
	return f
}
