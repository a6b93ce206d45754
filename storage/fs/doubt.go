package fs

import (
	"errors"
	"sync"
)

var errDoubtful = errors.New("it was published here, and neither made durable nor taken back: see what is wrong with the disk")

// doubts are the objects that this process published exclusively, could not make
// durable, and could not take back. Whoever settles a doubt by reading would take one
// of them for done, so they are not read here any more. The zero value has none.
type doubts struct {
	mu   sync.Mutex
	keys map[string]bool // guarded by mu
}

func (d *doubts) add(key string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.keys == nil {
		d.keys = make(map[string]bool)
	}
	d.keys[key] = true
}

// settled forgets the key: it was deleted, or published anew.
func (d *doubts) settled(key string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.keys, key)
}

func (d *doubts) of(key string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.keys[key] {
		return errDoubtful
	}
	return nil
}
