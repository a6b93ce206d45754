package storagetest

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"time"

	"github.com/cairnstate/cairn/storage/backend"
)

func errorChecks() []Check {
	return []Check{
		{Topic: "errors", Name: "errors name backend, operation and key", run: errorsName},
		{Topic: "errors", Name: "errors tell no secret", run: errorsTellNoSecret},
	}
}

// failures returns an error of each verb, by the verb.
func (s *subject) failures() (map[string]error, error) {
	if err := s.put("object", []byte("x")); err != nil {
		return nil, err
	}
	_, openErr := s.backend.Open(s.ctx, s.key("absent"), nil)
	_, statErr := s.backend.Stat(s.ctx, s.key("absent"))
	ctx, cancel := context.WithCancel(s.ctx)
	cancel()
	_, listErr := s.with(ctx).list("absent")
	failures := map[string]error{
		"open": openErr, "stat": statErr, "list": listErr,
		"delete": s.backend.Delete(ctx, s.key("absent")),
		"create": s.with(ctx).put("absent", nil),
	}
	if !backend.LimitsOf(s.backend).NoExclusiveCreate {
		failures["create"] = s.write("object", nil, &backend.CreateOptions{IfAbsent: true})
	}
	return failures, nil
}

func errorsName(s *subject) error {
	failures, err := s.failures()
	if err != nil {
		return err
	}
	for op, err := range failures {
		typed, ok := errors.AsType[*backend.Error](err)
		if !ok {
			return fmt.Errorf("%s: %s is no *backend.Error", op, told(err))
		}
		key := s.key("absent")
		if errors.Is(err, fs.ErrExist) {
			key = s.key("object")
		}
		if typed.Backend == "" || typed.Op != op || typed.Key != key || !strings.Contains(err.Error(), key) {
			return fmt.Errorf("%s: error tells backend %q, operation %q, key %q: %w", op, typed.Backend, typed.Op, typed.Key, err)
		}
	}
	return nil
}

// signs are what signatures and credentials look like in a URL or a header.
var signs = []string{"Signature=", "Credential=", "Authorization:", "Bearer ", "x-amz-security-token", "sig="}

func errorsTellNoSecret(s *subject) error {
	failures, err := s.failures()
	if err != nil {
		return err
	}
	_, failures["read after the end of the context"] = s.readCancelled()
	_, failures["locate"] = backend.Locate(s.ctx, s.backend, s.key("object"), -time.Second)
	failures["copy"] = backend.Copy(s.ctx, s.backend, s.key("absent"), s.key("copy"), nil)
	failures["upload"] = backend.Upload(s.ctx, s.backend, s.key("object"), ifAbsent(), eager{}, 1)
	_, failures["swap"] = backend.Swap(s.ctx, s.backend, s.key("object"), "no-such-version", nil)
	for op, err := range failures {
		for _, secret := range append(signs, s.opts.Secrets...) {
			if err != nil && secret != "" && strings.Contains(chain(err), secret) {
				return fmt.Errorf("the error of %s holds a secret, which this one does not repeat", op)
			}
		}
	}
	return nil
}

// readCancelled begins to read an object and lets the context end.
func (s *subject) readCancelled() ([]byte, error) {
	ctx, cancel := context.WithCancel(s.ctx)
	defer cancel()
	r, err := s.backend.Open(ctx, s.key("object"), nil)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	cancel()
	p := make([]byte, 1)
	_, err = r.Read(p)
	return p, err
}

// chain is what an error says in the ways in which a program logs it.
func chain(err error) string { return fmt.Sprintf("%v %+v", err, err) }
