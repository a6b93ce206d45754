package fs

import (
	"errors"
	"io"
	iofs "io/fs"
	"os"
	"path"
	"slices"
	"strings"
	"syscall"
	"time"
)

// simulated is a disk in memory, as pessimistic as POSIX allows one to be: bytes
// and names are certain only once their file or directory was synced, and each
// name may reach the disk without the others. It is for one goroutine.
type simulated struct {
	top   *node
	nodes uint64

	// after, if not nil, is called after each step that changed something.
	after func(step string)
	// fault, if not nil, is asked before each step and may let it fail, before it
	// took effect or after.
	fault func(step string) (before, after error)
	// look, if not nil, is asked before each call that reads, and may let it fail. It
	// may be asked by many goroutines.
	look func(call string) error
	// deaf is a disk that says it synced and did not.
	deaf func(step string) bool
}

// node is a file or a directory.
type node struct {
	id       uint64
	dir      bool
	modified time.Time
	locked   bool

	data   []byte
	synced []byte // what a sync found last; nil if there was none

	names   map[string]*node
	certain map[string]*node // names that the last sync found
	pending []edit           // of names since then, in order
}

// edit is one change of a directory: a rename is one, and takes place or not.
type edit struct {
	gone string // "" if no name goes
	name string // "" if none comes
	node *node
}

func (e edit) apply(names map[string]*node) {
	delete(names, e.gone)
	if e.name != "" {
		names[e.name] = e.node
	}
}

func newSimulated() *simulated {
	d := &simulated{}
	d.top = d.node(true)
	return d
}

func (d *simulated) node(dir bool) *node {
	d.nodes++
	return &node{id: d.nodes, dir: dir, modified: time.Unix(0, int64(d.nodes)), names: map[string]*node{}, certain: map[string]*node{}}
}

func (n *node) edit(e edit) {
	e.apply(n.names)
	n.pending = append(n.pending, e)
}

// step makes a change, with the fault that the test may want.
func (d *simulated) step(name string, change func() error) error {
	var before, after error
	if d.fault != nil {
		before, after = d.fault(name)
	}
	if before != nil {
		return before
	}
	if err := change(); err != nil {
		return err
	}
	if d.after != nil {
		d.after(name)
	}
	return after
}

// looks asks whether a call that reads is to fail.
func (d *simulated) looks(call string) error {
	if d.look == nil {
		return nil
	}
	return d.look(call)
}

// find returns the node of a name, or the error of the system.
func (d *simulated) find(name string) (*node, error) {
	n := d.top
	for element := range strings.SplitSeq(path.Clean(name), "/") {
		if element == "." {
			continue
		}
		if !n.dir {
			return nil, syscall.ENOTDIR
		}
		if n = n.names[element]; n == nil {
			return nil, syscall.ENOENT
		}
	}
	return n, nil
}

// parent returns the directory of a name.
func (d *simulated) parent(name string) (*node, string, error) {
	n, err := d.find(path.Dir(name))
	if err == nil && !n.dir {
		err = syscall.ENOTDIR
	}
	return n, path.Base(name), err
}

func (d *simulated) OpenFile(name string, flag int, _ os.FileMode) (file, error) {
	if flag&os.O_CREATE == 0 {
		if err := d.looks("open " + name); err != nil {
			return nil, err
		}
		n, err := d.find(name)
		if err != nil {
			return nil, err
		}
		return &handle{node: n, disk: d, name: name}, nil
	}
	n := d.node(false)
	err := d.step("create "+name, func() error {
		dir, base, err := d.parent(name)
		if err == nil {
			dir.edit(edit{name: base, node: n})
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return &handle{node: n, disk: d, name: name}, nil
}

func (d *simulated) OpenRoot(string) (*os.Root, error) { return nil, errors.ErrUnsupported }

func (d *simulated) Stat(name string) (iofs.FileInfo, error) {
	if err := d.looks("stat " + name); err != nil {
		return nil, err
	}
	n, err := d.find(name)
	if err != nil {
		return nil, err
	}
	return described{n, path.Base(name)}, nil
}

func (d *simulated) Lstat(name string) (iofs.FileInfo, error) { return d.Stat(name) }

func (d *simulated) Chtimes(name string, _, modified time.Time) error {
	n, err := d.find(name)
	if err == nil {
		n.modified = modified
	}
	return err
}

func (d *simulated) Mkdir(name string, _ os.FileMode) error {
	if n, _ := d.find(name); n != nil {
		return syscall.EEXIST
	}
	return d.step("mkdir "+name, func() error {
		dir, base, err := d.parent(name)
		if err == nil {
			dir.edit(edit{name: base, node: d.node(true)})
		}
		return err
	})
}

// Rename and Link work within one directory; the backend does not ask for more.
func (d *simulated) Rename(from, to string) error { return d.name("rename", from, to) }

func (d *simulated) Link(from, to string) error {
	if n, _ := d.find(to); n != nil {
		return syscall.EEXIST
	}
	return d.name("link", from, to)
}

func (d *simulated) name(op, from, to string) error {
	if path.Dir(from) != path.Dir(to) {
		return syscall.EXDEV
	}
	return d.step(op+" "+from+" "+to, func() error {
		n, err := d.find(from)
		if err != nil {
			return err
		}
		dir, base, err := d.parent(to)
		if err != nil {
			return err
		}
		e := edit{name: base, node: n}
		if op == "rename" {
			e.gone = path.Base(from)
		}
		dir.edit(e)
		return nil
	})
}

func (d *simulated) Remove(name string) error { return d.unname("remove", name, false) }
func (d *simulated) Rmdir(name string) error  { return d.unname("rmdir", name, true) }

func (d *simulated) unname(op, name string, dir bool) error {
	n, err := d.find(name)
	switch {
	case err != nil:
		return err
	case n.dir != dir:
		return syscall.ENOTDIR
	case len(n.names) > 0:
		return syscall.ENOTEMPTY
	}
	return d.step(op+" "+name, func() error {
		parent, base, err := d.parent(name)
		if err == nil {
			parent.edit(edit{gone: base})
		}
		return err
	})
}

func (d *simulated) TryLock(f file, exclusive bool) error {
	if exclusive {
		f.(*handle).node.locked = true
	}
	return nil
}

func (d *simulated) escaped(error) bool { return false }
func (d *simulated) Close() error       { return nil }

// handle is an open file or directory of a simulated disk.
type handle struct {
	node *node
	disk *simulated
	name string
	at   int
}

func (h *handle) Read(p []byte) (int, error) {
	if h.node.dir {
		return 0, syscall.EISDIR
	}
	if err := h.disk.looks("read " + h.name); err != nil {
		return 0, err
	}
	n := copy(p, h.node.data[h.at:])
	h.at += n
	if n == 0 && len(p) > 0 {
		return 0, io.EOF
	}
	return n, nil
}

func (h *handle) Write(p []byte) (int, error) {
	err := h.disk.step("write "+h.name, func() error {
		h.node.data = append(h.node.data, p...)
		return nil
	})
	if err != nil {
		return 0, err
	}
	return len(p), nil
}

func (h *handle) Seek(offset int64, _ int) (int64, error) {
	h.at = min(int(offset), len(h.node.data))
	return offset, nil
}

func (h *handle) Close() error                 { return nil }
func (h *handle) Stat() (iofs.FileInfo, error) { return described{h.node, path.Base(h.name)}, nil }

func (h *handle) ReadDir(int) ([]iofs.DirEntry, error) {
	if err := h.disk.looks("list " + h.name); err != nil {
		return nil, err
	}
	var entries []iofs.DirEntry
	for name, n := range h.node.names {
		entries = append(entries, iofs.FileInfoToDirEntry(described{n, name}))
	}
	return entries, nil
}

func (h *handle) Sync() error {
	step := "sync " + h.name
	return h.disk.step(step, func() error {
		if h.disk.deaf != nil && h.disk.deaf(step) {
			return nil
		}
		h.node.sync()
		return nil
	})
}

func (n *node) sync() {
	n.synced = append([]byte{}, n.data...)
	n.certain = make(map[string]*node, len(n.names))
	for name, child := range n.names {
		n.certain[name] = child
	}
	n.pending = nil
}

// described is what stat(2) says of a node.
type described struct {
	*node
	name string
}

func (d described) Name() string       { return d.name }
func (d described) Size() int64        { return int64(len(d.data)) }
func (d described) ModTime() time.Time { return d.modified }
func (d described) IsDir() bool        { return d.dir }
func (d described) Sys() any           { return &syscall.Stat_t{Ino: d.id} }
func (d described) Mode() iofs.FileMode {
	if d.dir {
		return iofs.ModeDir
	}
	return 0
}

// clone returns the disk as it is, with all that is uncertain about it, and without
// locks: what another process finds when this one was killed.
func (d *simulated) clone() *simulated {
	copies := make(map[*node]*node)
	return &simulated{top: d.top.clone(copies), nodes: d.nodes, deaf: d.deaf}
}

func (n *node) clone(copies map[*node]*node) *node {
	if n == nil {
		return nil
	}
	if copies[n] != nil {
		return copies[n]
	}
	c := &node{id: n.id, dir: n.dir, modified: n.modified, data: slices.Clone(n.data), synced: slices.Clone(n.synced)}
	copies[n] = c
	c.names, c.certain = cloneNames(n.names, copies), cloneNames(n.certain, copies)
	for _, e := range n.pending {
		c.pending = append(c.pending, edit{e.gone, e.name, e.node.clone(copies)})
	}
	return c
}

func cloneNames(names map[string]*node, copies map[*node]*node) map[string]*node {
	cloned := make(map[string]*node, len(names))
	for name, n := range names {
		cloned[name] = n.clone(copies)
	}
	return cloned
}
