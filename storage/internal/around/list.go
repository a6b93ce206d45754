package around

import (
	"errors"
	"io"
	"iter"

	"github.com/cairnstate/cairn/storage/backend"
)

// list hooks each element of a listing, by pulling it: so the time that a call
// takes is the store's and not that of whoever looks at the elements, and nothing
// that a hook holds is held meanwhile. Next returns io.EOF at the end.
func list(hook Hook, begun *Call, within iter.Seq2[backend.Info, error], yield func(backend.Info, error) bool) {
	next, stop := iter.Pull2(within)
	defer stop()
	stream := &Stream{Open: *begun}
	for {
		c := stream.call(Next)
		err := hook(&c, func() error { return pull(next, &c) })
		stream.after(&c, err)
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			yield(backend.Info{}, err)
			return
		}
		stream.Elements++
		if !yield(c.Info, nil) {
			c = stream.call(Stop)
			_ = hook(&c, func() error { return nil })
			return
		}
	}
}

func pull(next func() (backend.Info, error, bool), c *Call) error {
	info, err, ok := next()
	if !ok {
		return io.EOF
	}
	c.Info = info
	return err
}
