package mem

import (
	"io/fs"
	"strconv"
	"time"
)

// change is one step of the store, with what it takes to undo it.
type change struct {
	key     string
	before  object
	existed bool
	deletes bool
}

// publish makes the object be, in one step.
func (b *Backend) publish(op, key string, data []byte, ifAbsent bool) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if _, exists := b.objects[key]; exists && ifAbsent {
		return b.fail(op, key, fs.ErrExist)
	}
	b.put(key, data)
	return nil
}

// put gives the data to the key and returns its version. The lock is held.
func (b *Backend) put(key string, data []byte) string {
	b.note(key, false)
	if b.objects == nil {
		b.objects = make(map[string]object)
	}
	b.version++
	version := strconv.FormatUint(b.version, 10)
	b.objects[key] = object{data: data, modTime: time.Now(), version: version}
	return version
}

// remove takes the key away. The lock is held.
func (b *Backend) remove(key string) {
	if _, exists := b.objects[key]; exists {
		b.note(key, true)
		delete(b.objects, key)
	}
}

// note remembers what is about to be changed. The lock is held.
func (b *Backend) note(key string, deletes bool) {
	if b.Remember <= 0 {
		return
	}
	if len(b.changes) >= b.Remember {
		b.changes = append(b.changes[:0:0], b.changes[1:]...)
	}
	before, existed := b.objects[key]
	b.changes = append(b.changes, change{key, before, existed, deletes})
}

func (b *Backend) begun(w *writer) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.writers == nil {
		b.writers = make(map[*writer]struct{})
	}
	b.writers[w] = struct{}{}
}

func (b *Backend) ended(w *writer) {
	b.mu.Lock()
	defer b.mu.Unlock()
	delete(b.writers, w)
}
