package storagetest

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/cairnstate/cairn/storage/backend"
)

// givesUp is how long a backend may try to reach its store. What it says when it
// ran out of time counts, too.
const givesUp = 5 * time.Second

// breakDown asks everything of a backend whose store cannot be had, all at once, as
// each may be tried for some time. Opening may be what fails.
func (s *subject) breakDown(open func(context.Context) (backend.Backend, error)) (failures map[string]error, err error) {
	ctx, cancel := context.WithTimeout(s.ctx, givesUp)
	defer cancel()
	b, err := open(ctx)
	if err != nil {
		return map[string]error{"opening the backend": err}, nil
	}
	defer func() { err = errors.Join(err, b.Close()) }()
	failures = s.with(ctx).on(b).askAll()
	if failures["list"] == nil { // which no other verb makes fail
		err = errors.New("it can: Options.Broken is to open one that fails")
	}
	return failures, err
}

// askAll returns what each verb says, and each power.
func (s *subject) askAll() map[string]error {
	object := s.key("object")
	var mu sync.Mutex
	failures := make(map[string]error)
	var done sync.WaitGroup
	for verb, ask := range map[string]func() error{
		"open":        func() error { _, _, err := s.get("object", nil); return err },
		"stat":        func() error { _, err := s.backend.Stat(s.ctx, object); return err },
		"list":        func() error { _, err := s.list(""); return err },
		"create":      func() error { return s.put("object", []byte("x")) },
		"delete":      func() error { return s.backend.Delete(s.ctx, object) },
		"delete many": func() error { return backend.DeleteAll(s.ctx, s.backend, []string{object, s.key("other")}) },
		"copy":        func() error { return s.copy("object", "copy", nil) },
		"download":    func() error { _, err := backend.Download(s.ctx, s.backend, object, nil, new(sink)); return err },
		"swap":        func() error { _, err := s.swap("object", "", "x"); return err },
	} {
		done.Go(func() {
			err := ask()
			mu.Lock()
			defer mu.Unlock()
			failures[verb] = err
		})
	}
	done.Wait()
	return failures
}
