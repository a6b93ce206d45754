package sqlbackend

import (
	"path/filepath"
	"testing"
)

// A Commit whose answer is lost took effect, and its caller, who got an error,
// closes the writer. That must not take the object away.
func TestClosingAfterALostAnswerSparesTheObject(t *testing.T) {
	b, err := New(t.Context(), filepath.Join(t.TempDir(), "checkpoints.db"), &Options{Create: true})
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	begun, err := b.Create(t.Context(), "object", nil)
	if err != nil {
		t.Fatal(err)
	}
	w := begun.(*writer)
	if _, err := w.Write(make([]byte, 2*chunkSize+1)); err != nil {
		t.Fatal(err)
	}
	if err := b.change(t.Context(), w.publish); err != nil { // what Commit does, and the caller never hears
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	var size int64
	err = b.db.QueryRow("SELECT sum(length(data)) FROM chunks JOIN objects USING (content)").Scan(&size)
	if err != nil || size != 2*chunkSize+1 {
		t.Errorf("of the object %d bytes are left: %v", size, err)
	}
}
