package storagetest

import (
	"bytes"
	"errors"
	"io"
	"os"
	"sync"
	"time"
)

// source is what is uploaded. It does something at a byte, and notices who reads it
// when nobody may any more.
type source struct {
	data   []byte
	at     int           // the byte at which reach is called, once
	reach  func() error  // nil for nothing; after an error no byte from there on is given
	linger time.Duration // how long a read takes that begins after that

	mu      sync.Mutex
	reached bool  // guarded by mu
	failed  error // guarded by mu
	inside  int   // guarded by mu; reads that are under way
	over    bool  // guarded by mu; the upload has returned
	late    bool  // guarded by mu; somebody reads after that
}

func (r *source) ReadAt(p []byte, offset int64) (int, error) {
	lingers := r.enter(int(offset), len(p))
	defer r.leave()
	if lingers {
		<-time.After(r.linger)
	}
	failed := r.failure()
	if end := int(offset) + len(p); failed == nil || end <= r.at {
		return bytes.NewReader(r.data).ReadAt(p, offset)
	}
	if int(offset) >= r.at {
		return 0, failed
	}
	return copy(p, r.data[offset:r.at]), failed
}

// enter says whether the byte was reached before.
func (r *source) enter(offset, n int) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.inside++
	r.late = r.late || r.over
	before := r.reached
	if r.reach != nil && !before && offset+n > r.at {
		r.reached = true
		r.failed = r.reach()
	}
	return before && !r.over
}

func (r *source) leave() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.inside--
}

func (r *source) failure() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.failed
}

// end notes that the upload has returned.
func (r *source) end() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.over = true
	r.late = r.late || r.inside > 0
}

// left complains about who stayed.
func (r *source) left() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.late {
		return errors.New("somebody reads the source although Upload has returned")
	}
	return nil
}

// eager tells of the end together with the last bytes, as a ReaderAt may.
type eager struct{ data []byte }

func (e eager) ReadAt(p []byte, offset int64) (int, error) {
	n, err := bytes.NewReader(e.data).ReadAt(p, offset)
	if err == nil && int(offset)+n == len(e.data) {
		err = io.EOF
	}
	return n, err
}

// inFile lends a file that holds the content and more, of which somebody has read
// before. Where no file can be made, memory has to do.
func inFile(content []byte, do func(io.ReaderAt) error) error {
	whole := append(bytes.Clone(content), "and more"...)
	file, err := os.CreateTemp("", "cairn-storagetest-*")
	if err != nil {
		return do(bytes.NewReader(whole))
	}
	defer func() { _ = os.Remove(file.Name()) }()
	defer file.Close()
	if _, err := file.Write(whole); err != nil {
		return do(bytes.NewReader(whole))
	}
	return do(file)
}
