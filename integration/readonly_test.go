package integration_test

import (
	"bytes"
	"context"
	"errors"
	"testing"

	"github.com/cairnstate/cairn/storage/backend"
	"github.com/cairnstate/cairn/storage/readonly"
	"github.com/cairnstate/cairn/storage/storagetest"
)

// judgeAll runs the checks on the store as it is, and as it is opened to be read. What
// is said of reading alone is what the second says.
func (s store) judgeAll(t *testing.T, note func(storagetest.Check, error)) {
	t.Helper()
	s.judge(t, new(storagetest.Options), func(check storagetest.Check, err error) {
		if !aboutReading(check) {
			note(check, err)
		}
	})
	s.fill(t)
	t.Run("read-only", func(t *testing.T) {
		s.judgeReading(t, "under readonly", s.underReadonly, note)
		if s.reading != nil {
			s.judgeReading(t, "read-only=true", s.reading, note)
		}
	})
}

func aboutReading(check storagetest.Check) bool { return check.Topic == "read-only" }

func (s store) underReadonly(ctx context.Context) (backend.Backend, error) {
	b, err := s.connect(ctx)
	if err != nil {
		return nil, err
	}
	return readonly.Wrap(b), nil
}

// filled is the directory of what there is to read.
const filled = "filled"

// fill writes what there is to read, and removes it when the test ends.
func (s store) fill(t *testing.T) {
	t.Helper()
	b, err := s.connect(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	keys := []string{filled + "/chk-7/_metadata", filled + "/chk-7/large", filled + "/chk-7/sub/state", filled + "/empty"}
	t.Cleanup(func() {
		if err := errors.Join(backend.DeleteAll(context.Background(), b, keys), b.Close()); err != nil {
			t.Error(err)
		}
	})
	for i, size := range []int{1000, s.several, 100_000, 0} {
		content := bytes.Repeat([]byte(keys[i]), size/len(keys[i]))
		if err := backend.Upload(t.Context(), b, keys[i], nil, bytes.NewReader(content), int64(len(content))); err != nil {
			t.Fatal(err)
		}
	}
}

// judgeReading asks a store that is open to be read: whether it reads, and whether it
// refuses the rest. Every other check says that it needs to write.
func (s store) judgeReading(t *testing.T, how string, open func(context.Context) (backend.Backend, error), note func(storagetest.Check, error)) {
	t.Helper()
	b, err := open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	opts := &storagetest.Options{Below: filled, Secrets: s.secrets}
	for _, check := range storagetest.ReadingChecks() {
		t.Run(how+"/reads/"+check.Name, func(t *testing.T) {
			err := check.Verify(t.Context(), b, opts)
			if noVersions := errors.Is(err, storagetest.ErrNotPromised) && check.Topic == "versions"; err != nil && !noVersions {
				t.Error(err)
			}
		})
	}
	for _, check := range storagetest.Checks() {
		t.Run(how+"/refuses/"+check.Name, func(t *testing.T) {
			err := check.Verify(t.Context(), b, opts)
			if aboutReading(check) {
				note(check, err)
			}
			if unasked := errors.Is(err, storagetest.ErrNotPromised) && !aboutReading(check); err != nil && !unasked {
				t.Error(err)
			}
		})
	}
}
