package s3

import (
	"errors"

	"github.com/cairnstate/cairn/storage/backend"
	"github.com/cairnstate/cairn/storage/internal/param"
)

// settings are what the parameters of a root say; see the package comment.
type settings struct {
	endpoint  string
	region    string
	profile   string
	checksum  string
	pathStyle *bool
	anonymous *bool
}

// The values of the parameter checksum.
const (
	checksumCRC32C    = "crc32c"
	checksumSignature = "signature"
)

var errOwnClient = errors.New("the parameters have no effect, since the program brought its own client")

func readSettings(root backend.Root, options Options) (settings, error) {
	known := param.Known{"anonymous", "checksum", "endpoint", "path-style", "profile", "region"}
	values, err := known.Read(root.Params)
	if err != nil {
		return settings{}, err
	}
	if options.Client != nil && len(values) > 0 {
		return settings{}, errOwnClient
	}
	s := settings{region: values["region"], profile: values["profile"]}
	var errs [4]error
	s.endpoint, errs[0] = values.Endpoint("endpoint")
	s.checksum, errs[1] = values.Choice("checksum", checksumCRC32C, checksumSignature)
	s.pathStyle, errs[2] = values.Bool("path-style")
	s.anonymous, errs[3] = values.Bool("anonymous")
	return s, errors.Join(errs[:]...)
}
