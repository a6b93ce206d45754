package storagetest

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
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

// failures returns an error of each verb, by the verb. One may be nil where a store
// cannot be brought to fail.
func (s *subject) failures() (map[string]error, error) {
	if err := s.put("object", noise(14, 1<<20)); err != nil {
		return nil, err
	}
	absent, object := s.key("absent"), s.key("object")
	ctx, cancel := context.WithCancel(s.ctx)
	cancel()
	_, openErr := s.backend.Open(s.ctx, absent, nil)
	_, statErr := s.backend.Stat(s.ctx, absent)
	_, listErr := s.with(ctx).list("absent")
	_, readErr := s.cancelReading("object", 1)
	_, downloadErr := backend.Download(s.ctx, s.backend, absent, nil, new(sink))
	_, swapErr := backend.Swap(s.ctx, s.backend, object, "no-such-version", nil)
	failures := map[string]error{
		"open": openErr, "stat": statErr, "list": listErr, "read": readErr, "download": downloadErr, "swap": swapErr,
		"delete":      s.backend.Delete(ctx, absent),
		"delete many": backend.DeleteAll(ctx, s.backend, []string{absent}),
		"create":      s.with(ctx).put("absent", nil),
		"copy":        backend.Copy(s.ctx, s.backend, absent, s.key("copy"), nil),
	}
	if !backend.LimitsOf(s.backend).NoExclusiveCreate {
		failures["create"] = s.write("object", nil, ifAbsent())
		failures["copy to what exists"] = backend.Copy(s.ctx, s.backend, object, object, ifAbsent())
	}
	return failures, nil
}

// verbs are what an error may call each failure: a power is told by its own name, or
// by that of the verb that stands for it.
var verbs = map[string][]string{
	"open": {"open"}, "stat": {"stat"}, "list": {"list"}, "read": {"read"}, "delete": {"delete"}, "create": {"create"},
	"download":            {"download", "open"},
	"delete many":         {"delete", "delete-all"},
	"copy":                {"copy", "open"},
	"copy to what exists": {"copy", "create"},
	"swap":                {"swap"},
}

func errorsName(s *subject) error {
	failures, err := s.failures()
	if err != nil {
		return err
	}
	for verb, err := range failures {
		if err == nil && verb == "read" { // all had come before the context ended
			continue
		}
		typed, ok := errors.AsType[*backend.Error](err)
		if !ok {
			return fmt.Errorf("%s: %s is no *backend.Error", verb, told(err))
		}
		if typed.Backend == "" || !slices.Contains(verbs[verb], typed.Op) || !s.about(typed, verb) {
			return fmt.Errorf("%s: error tells backend %q, operation %q, key %q: %w", verb, typed.Backend, typed.Op, typed.Key, err)
		}
	}
	return nil
}

// about reports whether the error is about the key that it should be. One of a
// batch may be about all of them.
func (s *subject) about(err *backend.Error, verb string) bool {
	key := s.key("absent")
	if slices.Contains([]string{"read", "swap", "copy to what exists"}, verb) || errors.Is(err, fs.ErrExist) {
		key = s.key("object")
	}
	return err.Key == key && strings.Contains(err.Error(), key) || err.Key == "" && verb == "delete many"
}

// signs are what signatures and credentials look like in a URL or a header.
var signs = []string{"Signature=", "Credential=", "Authorization:", "Bearer ", "x-amz-security-token", "sig="}

func errorsTellNoSecret(s *subject) error {
	failures, err := s.failures()
	if err != nil {
		return err
	}
	_, failures["locate"] = backend.Locate(s.ctx, s.backend, s.key("object"), -time.Second)
	failures["upload"] = backend.Upload(s.ctx, s.backend, s.key("object"), ifAbsent(), eager{}, 1)
	if err := s.tellNoSecret(failures); err != nil {
		return err
	}
	for _, open := range s.opts.Broken {
		failures, err := s.breakDown(open)
		if err := errors.Join(s.tellNoSecret(failures), err); err != nil {
			return fmt.Errorf("of a store that cannot be had: %w", err)
		}
	}
	return nil
}

func (s *subject) tellNoSecret(failures map[string]error) error {
	for op, err := range failures {
		for _, secret := range append(signs, s.opts.Secrets...) {
			if err != nil && secret != "" && strings.Contains(chain(err), secret) {
				return fmt.Errorf("the error of %s holds a secret, which this one does not repeat", op)
			}
		}
	}
	return nil
}

// chain is what an error says in the ways in which a program logs it.
func chain(err error) string { return fmt.Sprintf("%v %+v", err, err) }
