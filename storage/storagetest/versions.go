package storagetest

import (
	"errors"
	"fmt"
	"io/fs"

	"github.com/cairnstate/cairn/storage/backend"
)

func versionChecks() []Check {
	return []Check{
		{Topic: "versions", Name: "a version tells one content from another", run: versionsTell},
		{Topic: "versions", Name: "a version opens no other content", run: versionsHold},
	}
}

var errNoVersions = notPromised("the store tells no versions")

// version writes an object and returns its version.
func (s *subject) version(name, content string) (string, error) {
	if err := s.put(name, []byte(content)); err != nil {
		return "", err
	}
	info, err := s.backend.Stat(s.ctx, s.key(name))
	if err == nil && info.Version == "" {
		err = errNoVersions
	}
	return info.Version, err
}

func versionsTell(s *subject) error {
	seen := make(map[string]string)
	for _, content := range []string{"one", "two", "longer than two", ""} {
		version, err := s.version("object", content)
		if err != nil {
			return err
		}
		if other, ok := seen[version]; ok {
			return fmt.Errorf("contents %q and %q share version %q", other, content, version)
		}
		seen[version] = content
		if err := s.sameVersion("object", version); err != nil {
			return err
		}
	}
	return nil
}

// sameVersion checks that no verb tells another version. Readers and listings may
// leave it out: not all stores say it there.
func (s *subject) sameVersion(name, want string) error {
	_, info, err := s.get(name, nil)
	if err != nil {
		return err
	}
	if info.Version != want && info.Version != "" {
		return fmt.Errorf("Stat tells version %q, Reader.Info %q", want, info.Version)
	}
	for info, err := range s.backend.List(s.ctx, s.dir) {
		if err != nil {
			return err
		}
		if info.Key == s.key(name) && info.Version != want && info.Version != "" {
			return fmt.Errorf("Stat tells version %q, List %q", want, info.Version)
		}
	}
	return nil
}

func versionsHold(s *subject) error {
	old, err := s.version("object", digits)
	if err != nil {
		return err
	}
	for _, opts := range versioned(old) {
		if _, _, err := s.get("object", &opts); err != nil {
			return fmt.Errorf("opening the present version at %d: %w", opts.Offset, err)
		}
	}
	if _, err := s.version("object", "replaced, and longer"); err != nil {
		return err
	}
	for _, opts := range versioned(old) {
		if got, _, err := s.get("object", &opts); !errors.Is(err, backend.ErrChanged) {
			return fmt.Errorf("opening a version that was replaced at %d gives %s, %s; want backend.ErrChanged", opts.Offset, brief(got), told(err))
		}
	}
	if err := s.backend.Delete(s.ctx, s.key("object")); err != nil {
		return err
	}
	if _, _, err := s.get("object", &backend.OpenOptions{Version: old}); !errors.Is(err, backend.ErrChanged) && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("opening a version that was deleted gives %s, want backend.ErrChanged or fs.ErrNotExist", told(err))
	}
	return nil
}

// versioned are ways to open a version: whole, in the middle, and beyond the end,
// where some stores answer without looking at conditions.
func versioned(version string) []backend.OpenOptions {
	return []backend.OpenOptions{
		{Version: version},
		{Version: version, Offset: 2, Length: 3},
		{Version: version, Offset: 1000, Length: 1},
	}
}
