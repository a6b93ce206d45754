package servers

import (
	"testing"

	"github.com/minio/minio-go/v7"
)

// Whoever asks for unfinished uploads must see one that is.
func TestMinIOShowsUnfinishedUploads(t *testing.T) {
	m := StartMinIO(t)
	if err := m.MakeBucket(t.Context(), "bucket"); err != nil {
		t.Fatal(err)
	}
	core := minio.Core{Client: m.client}
	id, err := core.NewMultipartUpload(t.Context(), "bucket", "dir/key", minio.PutObjectOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if found, err := m.Unfinished(); err != nil || len(found) != 1 {
		t.Errorf("with one upload begun: %q, %v", found, err)
	}
	if err := core.AbortMultipartUpload(t.Context(), "bucket", "dir/key", id); err != nil {
		t.Fatal(err)
	}
	if found, err := m.Unfinished(); err != nil || len(found) != 0 {
		t.Errorf("with none: %q, %v", found, err)
	}
}
