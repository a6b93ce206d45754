package backend_test

import (
	"context"
	"errors"
	"net/url"
	"strings"
	"testing"

	"github.com/cairnstate/cairn/storage/backend"
)

// refuse is an opener that only tells which root it was asked for.
func refuse(_ context.Context, root backend.Root) (backend.Backend, error) {
	return nil, errors.New("asked for " + root.String())
}

func TestRegistryFindsTheOpenerByScheme(t *testing.T) {
	var registry backend.Registry
	registry.Register(refuse, "s3", "s3a")

	_, err := registry.Open(t.Context(), backend.Root{Scheme: "s3a", Authority: "bucket"})
	if err == nil || !strings.Contains(err.Error(), "s3a://bucket") {
		t.Errorf("the opener was not asked for s3a://bucket: %v", err)
	}
	_, err = registry.Open(t.Context(), backend.Root{Scheme: "ftp"})
	if !errors.Is(err, backend.ErrUnknownScheme) || !strings.Contains(err.Error(), "s3, s3a") {
		t.Errorf("an unknown scheme must be told with those there are: %v", err)
	}
	_, err = new(backend.Registry).Open(t.Context(), backend.Root{Scheme: "file"})
	if !errors.Is(err, backend.ErrUnknownScheme) || !strings.Contains(err.Error(), `registry.Register(fs.Open, "file")`) {
		t.Errorf("who registered nothing must be told how: %v", err)
	}
}

func TestSchemesRegisteredTogetherAreAliases(t *testing.T) {
	var registry backend.Registry
	registry.Register(refuse, "s3", "s3a", "s3n")
	registry.Register(refuse, "gs")
	for scheme, want := range map[string]string{"s3": "s3", "s3a": "s3", "s3n": "s3", "gs": "gs", "ftp": "ftp"} {
		if got := registry.Canonical(scheme); got != want {
			t.Errorf("Canonical(%q) = %q, want %q", scheme, got, want)
		}
	}
}

func TestRegisterPanicsOnMistakesOfTheProgram(t *testing.T) {
	for name, schemes := range map[string][]string{
		"taken":      {"s3", "s3"},
		"empty":      {""},
		"upper case": {"S3"},
	} {
		t.Run(name, func(t *testing.T) {
			defer func() {
				if recover() == nil {
					t.Errorf("Register(%q) did not panic", schemes)
				}
			}()
			new(backend.Registry).Register(refuse, schemes...)
		})
	}
}

func TestRootDoesNotPrintItsParameters(t *testing.T) {
	root := backend.Root{Scheme: "s3", Authority: "b", Params: url.Values{"secretKey": {"hush"}}}
	if got := root.String(); got != "s3://b" {
		t.Errorf("String() = %q", got)
	}
}
