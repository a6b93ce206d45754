package storagetest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"time"

	"github.com/cairnstate/cairn/storage/backend"
)

// locate reads an object as another program would, which has the URL and nothing
// else. The URL is a secret, and so is what a client says of it.
func locate(s *subject) error {
	for _, name := range []string{"object", "odd/a b+c%20é?d#e"} {
		if err := s.put(name, []byte(name)); err != nil {
			return err
		}
		at, err := backend.Locate(s.ctx, s.backend, s.key(name), time.Minute)
		if errors.Is(err, errors.ErrUnsupported) {
			return notPromised("the store has no URLs for others")
		}
		if err != nil {
			return err
		}
		got, err := fetch(s.ctx, at)
		if err == nil && string(got) != name {
			err = fmt.Errorf("it reads %s, want %q", brief(got), name)
		}
		if err != nil {
			return fmt.Errorf("another program with the %s URL of %q: %w", at.Scheme, name, err)
		}
	}
	return nil
}

func fetch(ctx context.Context, at *url.URL) ([]byte, error) {
	if at.Scheme == "file" {
		return os.ReadFile(at.Path)
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, at.String(), nil)
	if err != nil {
		return nil, errors.New("the URL is none")
	}
	client := &http.Client{Transport: &http.Transport{Proxy: http.ProxyFromEnvironment, DisableKeepAlives: true}}
	response, err := client.Do(request)
	if err != nil {
		if failed, ok := errors.AsType[*url.Error](err); ok { // it would say the URL
			err = failed.Err
		}
		return nil, err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("the store answers %s", response.Status)
	}
	return io.ReadAll(response.Body)
}
