package retry

import (
	"context"
	"errors"
	"hash/maphash"
	"io"
	"io/fs"

	"github.com/cairnstate/cairn/storage/backend"
)

// content is what an object was to hold: its size and a hash, which nobody outside
// this process sees, so that it may be a fast one.
type content struct {
	size   int64
	hash   maphash.Hash
	source io.Reader // what is still to be hashed, as soon as somebody asks; or nil
}

func (c *content) Write(p []byte) (int, error) {
	c.size += int64(len(p))
	return c.hash.Write(p)
}

// sum returns the hash of all of it.
func (c *content) sum() (uint64, error) {
	if c.source != nil {
		if _, err := io.Copy(&c.hash, c.source); err != nil {
			return 0, err
		}
		c.source = nil
	}
	return c.hash.Sum64(), nil
}

// found is what is there after an answer got lost.
type found int

const (
	nothing found = iota
	ours          // what was to be there
	other
)

// find reads what is there.
func (b *retrying) find(ctx context.Context, key string, want *content) (found, backend.Info, error) {
	r, err := b.Open(ctx, key, nil)
	if errors.Is(err, fs.ErrNotExist) {
		return nothing, backend.Info{}, nil
	}
	if err != nil {
		return other, backend.Info{}, err
	}
	defer r.Close()
	if r.Info().Size != want.size {
		return other, r.Info(), nil
	}
	sum, err := want.sum()
	if err != nil {
		return other, r.Info(), err
	}
	var got content
	got.hash.SetSeed(want.hash.Seed())
	if _, err := io.Copy(&got, r); err != nil {
		return other, r.Info(), err
	}
	if got.hash.Sum64() != sum {
		return other, r.Info(), nil
	}
	return ours, r.Info(), nil
}

// inDoubt says whether an answer leaves open what happened: a failure that may pass,
// or, if there was doubt before, the refusal that a try before would cause.
func inDoubt(err error, before bool, refusal error) bool {
	return passing(err) || before && errors.Is(err, refusal)
}

// settle finds out whether the creation of the object, of which err is the answer,
// took effect. It returns false and nil if it did, and true and err if it may be tried again.
func (b *retrying) settle(ctx context.Context, op, key string, want *content, ifAbsent bool, err error) (again bool, _ error) {
	if errors.Is(err, backend.ErrThrottled) && !ifAbsent {
		return true, err
	}
	is, _, looked := b.find(ctx, key, want)
	switch {
	case looked != nil:
		return false, &backend.Error{Backend: "retry", Op: op, Key: key,
			Err: errors.Join(annotate(err, "whether it took effect could not be found out"), looked)}
	case is == ours:
		return false, nil
	case is == nothing:
		return true, err
	case ifAbsent:
		return false, &backend.Error{Backend: "retry", Op: op, Key: key, Err: fs.ErrExist}
	}
	return false, annotate(err, "whether it took effect, nobody can know: the object holds something else")
}
