package fault

import (
	"github.com/cairnstate/cairn/storage/backend"
	"github.com/cairnstate/cairn/storage/internal/around"
)

// around lets a call happen, or what the plan has for it. A call across a border is
// several calls.
func (r *run) around(c *around.Call, do func() error) error {
	if c.Op == Read { // the caller reads on
		if n := r.toBorder(c); n > 0 {
			c.Data = c.Data[:n]
		}
		return r.one(c, do)
	}
	for rest := c.Data; ; {
		n := r.toBorder(c)
		if n == 0 {
			return r.one(c, do)
		}
		c.Data = rest[:n]
		if err := r.one(c, do); err != nil {
			return err
		}
		rest = rest[n:]
		c.Data, c.Offset = rest, c.Offset+int64(n)
	}
}

// toBorder returns how many bytes of the call's come before the first border within,
// or 0 if there is none within.
func (r *run) toBorder(c *around.Call) int {
	if !moves(c.Op) {
		return 0
	}
	for _, border := range r.borders {
		if n := border - c.Offset; n > 0 && n < int64(len(c.Data)) {
			return int(n)
		}
	}
	return 0
}

func (r *run) one(c *around.Call, do func() error) error {
	i, dead := r.choose(c)
	if dead {
		return afterDeath(c, do)
	}
	if i < 0 {
		return r.alive(c, do())
	}
	return r.happen(i, c, do)
}

// choose asks each fault that can happen to the call, because each counts, and
// returns the first that is to happen, or -1.
func (r *run) choose(c *around.Call) (i int, dead bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.dead {
		return -1, true
	}
	i = -1
	for j, here := range r.here {
		if r.faults[j].Effect.HappensTo(c.Op) && here(c) && i < 0 {
			i = j
		}
	}
	return i, false
}

// alive returns the error of a call, unless the process died meanwhile.
func (r *run) alive(c *around.Call, err error) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.dead && c.Op != Shut {
		c.Leave = true
		return failure(c, c.Key, ErrKilled)
	}
	return err
}

// afterDeath lets go of what is open for reading, which leaves no trace, and does
// nothing else any more.
func afterDeath(c *around.Call, do func() error) error {
	if c.Op == Shut {
		return do()
	}
	if c.Op == Close {
		_ = do()
	}
	return failure(c, c.Key, ErrKilled)
}

func failure(c *around.Call, key string, err error) error {
	return &backend.Error{Backend: "fault", Op: string(c.Op), Key: key, Err: err}
}
