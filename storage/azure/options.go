package azure

import (
	"crypto/x509"
	"errors"
	"regexp"
	"strings"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"

	"github.com/cairnstate/cairn/storage/backend"
	"github.com/cairnstate/cairn/storage/internal/param"
)

// Options are what code says about a backend. Nil and zero values mean the
// defaults.
type Options struct {
	// Credential is used instead of what the environment has.
	Credential azcore.TokenCredential

	// ReadOnly is the parameter read-only.
	ReadOnly bool
}

// settings are where the container is and how to reach it.
type settings struct {
	container string
	account   string
	url       string         // of the container
	roots     *x509.CertPool // nil for the machine's
	anonymous bool
	readOnly  bool
}

var errAuthority = errors.New("a location is abfss://CONTAINER@ACCOUNT.dfs.core.windows.net/path, or wasbs:// with blob in the place of dfs")

// authority is CONTAINER@ACCOUNT.dfs.DOMAIN or CONTAINER@ACCOUNT.blob.DOMAIN. What
// is before the @ is no user: a password cannot be there.
var authority = regexp.MustCompile(`^([a-z0-9$][a-z0-9-]{1,62})@([a-z0-9]{3,24})\.(?:dfs|blob)\.([a-z0-9.-]+)$`)

func readSettings(root backend.Root, opts *Options) (settings, error) {
	parts := authority.FindStringSubmatch(root.Authority)
	if parts == nil {
		return settings{}, errAuthority
	}
	values, err := param.Known{"anonymous", "ca-file", "endpoint", "read-only"}.Read(root.Params)
	if err != nil {
		return settings{}, err
	}
	s := settings{container: parts[1], account: parts[2], readOnly: opts != nil && opts.ReadOnly}
	endpoint, err := values.Endpoint("endpoint")
	if err != nil {
		return settings{}, err
	}
	if endpoint == "" {
		endpoint = "https://" + s.account + ".blob." + parts[3]
	}
	s.url = strings.TrimRight(endpoint, "/") + "/" + s.container
	if s.roots, err = param.ReadRoots("ca-file", values["ca-file"]); err != nil {
		return settings{}, err
	}
	return s, errors.Join(s.read(values, "anonymous", &s.anonymous), s.read(values, "read-only", &s.readOnly))
}

func (settings) read(values param.Values, name string, into *bool) error {
	value, err := values.Bool(name)
	if value != nil {
		*into = *value
	}
	return err
}
