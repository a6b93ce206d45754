package storagetest

import (
	"context"
	"errors"
	"fmt"
	"sync"
)

// sweep deletes what is below the directory, even if the check was cancelled. It
// uses the verbs alone: what a check found broken may be a power. Who cannot list yet
// is told so by the check.
func (s *subject) sweep() error {
	s = s.with(context.WithoutCancel(s.ctx))
	names, err := s.list("")
	if errors.Is(err, errors.ErrUnsupported) {
		return nil
	}
	return errors.Join(err, each(names, func(name string) error { return s.backend.Delete(s.ctx, s.key(name)) }))
}

// leftovers complains about what List does not show.
func (s *subject) leftovers() error {
	if s.opts.Leftovers == nil {
		return nil
	}
	left, err := s.opts.Leftovers(context.WithoutCancel(s.ctx), s.dir)
	if err == nil && len(left) > 0 {
		err = fmt.Errorf("writers left behind, where no listing shows it: %q", left)
	}
	return err
}

// atOnce is how many requests a check sends at once to come to its point soon.
const atOnce = 16

// each does something with each name, several at once, and joins the errors.
func each(names []string, do func(name string) error) error {
	results := make([]error, len(names))
	var done sync.WaitGroup
	for worker := range min(atOnce, len(names)) {
		done.Go(func() {
			for i := worker; i < len(names); i += atOnce {
				results[i] = do(names[i])
			}
		})
	}
	done.Wait()
	return errors.Join(results...)
}
