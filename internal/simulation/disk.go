package simulation

import (
	"io/fs"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/cairnstate/cairn/storage/backend"
)

// disk is the one store that all processes share. What is asked of it takes effect in
// one step of the world, long before or after whoever asked is told.
type disk struct {
	world   *world
	objects map[string]*object
	version uint64
	late    bool // what has its effect now had failed before, or nobody waits for it

	// watch is told after each change: what was there before, and what is now; nil
	// for nothing.
	watch func(by *process, key string, before, after *object)
}

type object struct {
	data    []byte
	version string
	by      string // who wrote it, for the story
	leader  int    // whose task that was, or who itself
	at      time.Duration
	late    bool // who wrote it does not know that it is there
}

func (o *object) info(key string) backend.Info {
	return backend.Info{Key: key, Size: int64(len(o.data)), ModTime: epoch.Add(o.at), Version: o.version}
}

func (d *disk) get(key string) (*object, error) {
	o, ok := d.objects[key]
	if !ok {
		return nil, fs.ErrNotExist
	}
	return o, nil
}

// put gives the data to the key.
func (d *disk) put(by *process, key string, data []byte, ifAbsent bool) error {
	if d.objects[key] != nil && ifAbsent {
		return fs.ErrExist
	}
	d.change(by, key, &object{data: data, by: by.name, leader: by.leader, at: d.world.now, late: d.late})
	return nil
}

// swap gives the data to the key if its version is old, and returns the new one.
func (d *disk) swap(by *process, key, old string, data []byte) (string, error) {
	before := d.objects[key]
	if before == nil && old != "" || before != nil && before.version != old {
		return "", backend.ErrChanged
	}
	o := &object{data: data, by: by.name, leader: by.leader, at: d.world.now, late: d.late}
	d.change(by, key, o)
	return o.version, nil
}

func (d *disk) remove(by *process, key string) {
	if d.objects[key] != nil {
		d.change(by, key, nil)
	}
}

func (d *disk) change(by *process, key string, after *object) {
	before := d.objects[key]
	if after == nil {
		delete(d.objects, key)
	} else {
		d.version++
		after.version = strconv.FormatUint(d.version, 10)
		d.objects[key] = after
	}
	if d.watch != nil {
		d.watch(by, key, before, after)
	}
}

// list returns what is below the prefix, in the order of the keys' bytes.
func (d *disk) list(prefix string) []backend.Info {
	var infos []backend.Info
	for key, o := range d.objects {
		if backend.HasPrefix(key, prefix) {
			infos = append(infos, o.info(key))
		}
	}
	slices.SortFunc(infos, func(a, b backend.Info) int { return strings.Compare(a.Key, b.Key) })
	return infos
}
