package fault

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/cairnstate/cairn/storage/internal/around"
)

// happen lets the fault happen to the call.
func (r *run) happen(i int, c *around.Call, do func() error) error {
	effect := r.faults[i].Effect
	if effect.action == corrupt {
		return r.corrupt(i, c, do)
	}
	r.count(i)
	switch effect.action {
	case truncate:
		return truncated(c)
	case short:
		c.Data = c.Data[:len(c.Data)/2]
		return errors.Join(do(), failure(c, c.Key, effect.kind.err()))
	case stall:
		return stalled(c)
	case kill, killAfter:
		return r.die(i, c, do)
	}
	return r.refuse(i, c, do)
}

// refuse returns an error instead of the call, or of its answer.
func (r *run) refuse(i int, c *around.Call, do func() error) error {
	effect := r.faults[i].Effect
	var others error
	hit, moved := r.divide(i, c), c.N
	if effect.action == lose || len(c.Keys) > 0 {
		others = do()
	}
	c.N = moved
	if c.Op != DeleteAll {
		return failure(c, c.Key, effect.kind.err())
	}
	if effect.action == lose {
		others = nil // nor did the answer for the others arrive, if it was one answer
	}
	for _, key := range hit {
		others = errors.Join(others, failure(c, key, effect.kind.err()))
	}
	return others
}

// divide leaves in a batch the keys that the place of the fault does not name, and
// returns those that it does. If the answer gets lost all keys stay in.
func (r *run) divide(i int, c *around.Call) (hit []string) {
	fault := r.faults[i]
	spared := slices.DeleteFunc(slices.Clone(c.Keys), func(key string) bool {
		if fault.Where.names(key) {
			hit = append(hit, key)
			return true
		}
		return false
	})
	if a := fault.Effect.action; a == fail || a == kill {
		c.Keys = spared
	}
	return hit
}

// die is the end of the process, before the call or after it. Of a batch the keys
// that the place does not name were deleted before.
func (r *run) die(i int, c *around.Call, do func() error) error {
	r.divide(i, c)
	if r.faults[i].Effect.action == killAfter || len(c.Keys) > 0 {
		_ = do()
	}
	r.mu.Lock()
	r.dead = true
	r.mu.Unlock()
	c.Leave = true
	return failure(c, c.Key, ErrKilled)
}

// truncated ends a body, or leaves a piece of a download out.
func truncated(c *around.Call) error {
	if c.Op == Read {
		return io.EOF
	}
	return nil
}

// stalled waits for the end of the context. One that cannot end is a mistake of the
// test, which had better not hang.
func stalled(c *around.Call) error {
	if c.Context.Done() == nil {
		return failure(c, c.Key, errors.New("a stall for ever, for the context of the call cannot end"))
	}
	<-c.Context.Done()
	return failure(c, c.Key, fmt.Errorf("stalled: %w", context.Cause(c.Context)))
}

// corrupt flips a bit of the bytes that move, if any do.
func (r *run) corrupt(i int, c *around.Call, do func() error) error {
	if !fills(c.Op) {
		c.Data = slices.Clone(c.Data)
		r.flip(i, c.Data)
		return r.alive(c, do())
	}
	before := c.N
	err := do()
	r.flip(i, c.Data[:c.N-before])
	return r.alive(c, err)
}

func (r *run) flip(i int, data []byte) {
	if len(data) == 0 {
		return
	}
	r.count(i)
	r.mu.Lock()
	defer r.mu.Unlock()
	data[r.random.IntN(len(data))] ^= 1 << r.random.IntN(8)
}

func (r *run) count(i int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.fired[i]++
}
