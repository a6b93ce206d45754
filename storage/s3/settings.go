package s3

import (
	"errors"
	"fmt"
	"slices"

	"github.com/cairnstate/cairn/storage/backend"
	"github.com/cairnstate/cairn/storage/internal/param"
)

// settings are what the parameters of a root say about the client; see the
// package comment. What they say about objects goes into the options.
type settings struct {
	endpoint   string
	region     string
	profile    string
	caFile     string
	checksum   string
	role       role
	pathStyle  *bool
	anonymous  *bool
	accelerate *bool
	dualStack  *bool
	fips       *bool
}

// role is a role to take on.
type role struct{ arn, session, externalID string }

// The values of the parameter checksum.
const (
	checksumCRC32C    = "crc32c"
	checksumSignature = "signature"
	checksumOff       = "none"
)

// known are all parameters, and shaping those that only a client which we make
// can follow.
func known() param.Known {
	return param.Known{
		"accelerate", "anonymous", "bucket-key", "ca-file", "checksum", "concurrency", "connections",
		"dual-stack", "endpoint", "external-id", "fips", "kms-key", "part-size", "path-style", "profile",
		"read-only", "region", "request-payer", "role-arn", "role-session-name", "sse", "storage-class",
	}
}

func shaping() []string {
	return []string{
		"accelerate", "anonymous", "ca-file", "checksum", "connections", "dual-stack", "endpoint", "external-id",
		"fips", "path-style", "profile", "region", "request-payer", "role-arn", "role-session-name",
	}
}

var (
	errRole = errors.New(`parameters "role-session-name" and "external-id" go with "role-arn"`)
	errBoth = errors.New("a role is nothing that an anonymous client can take on")
)

// readSettings reads the parameters. Those about objects replace what the options
// say.
func readSettings(root backend.Root, options *Options) (settings, error) {
	values, err := known().Read(root.Params)
	if err != nil {
		return settings{}, err
	}
	for _, name := range shaping() {
		if _, given := values[name]; given && options.Client != nil {
			return settings{}, fmt.Errorf("parameter %q has no effect, since the program brought its own client", name)
		}
	}
	s := settings{
		region: values["region"], profile: values["profile"], caFile: values["ca-file"],
		role: role{values["role-arn"], values["role-session-name"], values["external-id"]},
	}
	return s, errors.Join(s.readSwitches(values), s.check(), options.read(values), options.check())
}

func (s *settings) readSwitches(values param.Values) error {
	var errs [7]error
	s.endpoint, errs[0] = values.Endpoint("endpoint")
	s.checksum, errs[1] = values.Choice("checksum", checksumCRC32C, checksumSignature, checksumOff)
	s.pathStyle, errs[2] = values.Bool("path-style")
	s.anonymous, errs[3] = values.Bool("anonymous")
	s.accelerate, errs[4] = values.Bool("accelerate")
	s.dualStack, errs[5] = values.Bool("dual-stack")
	s.fips, errs[6] = values.Bool("fips")
	return errors.Join(errs[:]...)
}

func (s *settings) check() error {
	switch {
	case s.role.arn == "" && s.role != role{}:
		return errRole
	case s.role.arn != "" && on(s.anonymous):
		return errBoth
	}
	return nil
}

func on(value *bool) bool { return value != nil && *value }

// read lets the parameters about objects replace the options.
func (o *Options) read(values param.Values) error {
	algorithm, err := values.Choice("sse", sseAlgorithms()...)
	if algorithm != "" {
		o.Encryption = Encryption{Algorithm: algorithm}
	}
	set(&o.Encryption.KMSKey, values, "kms-key")
	set(&o.StorageClass, values, "storage-class")
	return errors.Join(err,
		flag(&o.Encryption.BucketKey, values, "bucket-key"),
		flag(&o.ReadOnly, values, "read-only"),
		payer(&o.RequesterPays, values),
		bytesOf(&o.PartSize, values, "part-size"),
		count(&o.Concurrency, values, "concurrency"),
		count(&o.Connections, values, "connections"))
}

func set(to *string, values param.Values, name string) {
	if value, given := values[name]; given {
		*to = value
	}
}

func flag(to *bool, values param.Values, name string) error {
	value, err := values.Bool(name)
	if value != nil {
		*to = *value
	}
	return err
}

// payer reads a parameter that has one value, as the header that it becomes.
func payer(to *bool, values param.Values) error {
	value, err := values.Choice("request-payer", "requester")
	*to = *to || value != ""
	return err
}

func count(to *int, values param.Values, name string) error {
	value, err := values.Count(name)
	if value != 0 {
		*to = value
	}
	return err
}

func bytesOf(to *int, values param.Values, name string) error {
	value, err := values.Bytes(name)
	if value != 0 {
		*to = value
	}
	return err
}

// check refuses what S3 has no meaning for.
func (o *Options) check() error {
	e := o.Encryption
	kms := e.Algorithm == "aws:kms" || e.Algorithm == "aws:kms:dsse"
	switch {
	case e.Algorithm != "" && !slices.Contains(sseAlgorithms(), e.Algorithm):
		return fmt.Errorf("encryption is one of %v", sseAlgorithms())
	case e.KMSKey != "" && !kms:
		return errors.New("a KMS key (kms-key) goes with the encryption (sse) aws:kms or aws:kms:dsse")
	case e.BucketKey && e.Algorithm != "aws:kms":
		return errors.New("a bucket key (bucket-key) goes with the encryption (sse) aws:kms")
	}
	return nil
}

func sseAlgorithms() []string { return []string{"AES256", "aws:kms", "aws:kms:dsse"} }
