package storagetest

import (
	"errors"
	"fmt"
	"strings"

	"github.com/cairnstate/cairn/storage/backend"
)

func limitChecks() []Check {
	return []Check{
		{Topic: "limits", Name: "what is beyond a limit is refused, or kept whole", run: beyondIsRefused},
		{Topic: "limits", Name: "what does not swap refuses to", run: swapRefused},
		{Topic: "read-only", Name: "opened for reading alone, nothing is written", run: readOnlyRefuses},
	}
}

// beyondIsRefused asks for more than the store declares that it takes. It may take
// it, whole, for limits may be careful; or it has to refuse, and leave nothing: a
// key that is cut short is another's key.
func beyondIsRefused(s *subject) error {
	limits := backend.LimitsOf(s.backend)
	if limits.ReadOnly {
		return notPromised("nothing can be written")
	}
	trials := s.beyond(limits)
	if len(trials) == 0 {
		return notPromised("the store declares no limits of this kind")
	}
	for _, trial := range trials {
		if err := s.try(trial); err != nil {
			return fmt.Errorf("%s: %w", trial.what, err)
		}
	}
	return nil
}

// trial is an object that is too large, or whose key is too long.
type trial struct {
	what, name string
	size       int
}

func (s *subject) try(t trial) error {
	content := noise(15, t.size)
	if s.put(t.name, content) != nil {
		return s.expectList("")
	}
	if err := errors.Join(s.expect(t.name, content), s.expectList("", t.name)); err != nil {
		return fmt.Errorf("it is beyond the limits and not refused: %w", err)
	}
	return s.backend.Delete(s.ctx, s.key(t.name))
}

func (s *subject) beyond(limits backend.Limits) []trial {
	var trials []trial
	if limits.MaxKey > 0 {
		trials = append(trials, trial{"a longer key", s.longName(limits.MaxKey+1, limit(limits.MaxElement, usualElement)), 1})
	}
	if limits.MaxElement > 0 {
		trials = append(trials, trial{"a longer element of a key", strings.Repeat("e", limits.MaxElement+1), 1})
	}
	if limits.MaxObject > 0 && limits.MaxObject < largestTry {
		trials = append(trials, trial{"a larger object", "object", int(limits.MaxObject) + 1})
	}
	return trials
}

// swapRefused asks a store for a swap that declares that it has none: to look and
// then to write would be worse than to fail.
func swapRefused(s *subject) error {
	if !backend.LimitsOf(s.backend).NoSwap {
		return notPromised("the store swaps")
	}
	if _, err := s.swap("object", "", "x"); err == nil {
		return errors.New("a swap succeeds, although the limits say that it cannot")
	}
	return s.expectList("")
}

// largestTry is the largest object that is written only to be refused.
const largestTry = 64 << 20

func readOnlyRefuses(s *subject) error {
	if !backend.LimitsOf(s.backend).ReadOnly {
		return notPromised("the store is open for writing")
	}
	_, swapped := s.swap("object", "", "x")
	for verb, err := range map[string]error{
		"Create":    s.put("object", []byte("x")),
		"Upload":    s.upload("object", []byte("x"), nil),
		"Delete":    s.backend.Delete(s.ctx, s.key("object")),
		"DeleteAll": backend.DeleteAll(s.ctx, s.backend, s.keys([]string{"a", "b"})),
	} {
		if !errors.Is(err, backend.ErrReadOnly) {
			return fmt.Errorf("%s gives %s, want backend.ErrReadOnly", verb, told(err))
		}
	}
	if swapped == nil {
		return errors.New("a swap succeeds")
	}
	return s.expectList("")
}
