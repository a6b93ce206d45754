package gcs

import (
	"cmp"
	"crypto/x509"
	"errors"
	"strings"
	"time"

	"cloud.google.com/go/storage"
	"google.golang.org/api/option"

	"github.com/cairnstate/cairn/storage/backend"
	"github.com/cairnstate/cairn/storage/internal/param"
)

// Options are what code says about a [Backend]. Nil and zero values mean the
// defaults. Parameters of the same meaning go before them.
type Options struct {
	// Client is used as it is, and stays the caller's. Parameters that shape a
	// client are then refused, and so are ClientOptions. It should be made with
	// storage.WithJSONReads, or Open cannot tell a missing bucket.
	Client *storage.Client

	// ClientOptions are given to the client after those that the parameters make,
	// and so go before them.
	ClientOptions []option.ClientOption

	// ChunkSize is how many bytes a Writer holds and sends at once; the default is
	// 8 MiB. It is rounded up to a multiple of 256 KiB.
	ChunkSize int

	// Concurrency is how many ranges Download reads at once, each of ChunkSize
	// bytes, and how many batches DeleteAll sends at once; the default is 8.
	Concurrency int

	// FirstPause and LongestPause bound the time between two tries of a request, of
	// which there are five: it is random, up to a bound that doubles from the first to
	// the longest. 0 means 250 milliseconds, and 4 seconds.
	FirstPause, LongestPause time.Duration

	// KMSKey encrypts what is written: the whole name of a key of Cloud KMS,
	// projects/…/cryptoKeys/…. The bucket's default key, or Google's, if empty.
	KMSKey string

	// StorageClass is that of what is written; the bucket's default if empty.
	StorageClass string

	// ReadOnly refuses what writes, and keeps the client from sending it. A Client
	// that is the caller's is not kept from anything: only the verbs refuse then.
	ReadOnly bool
}

const (
	quantum            = 256 << 10 // chunks are multiples of it
	defaultChunkSize   = 8 << 20
	defaultConcurrency = 8
)

// copied returns the options, of which there may be none.
func (o *Options) copied() Options {
	var options Options
	if o != nil {
		options = *o
	}
	return options
}

// fill fills in the defaults.
func (o *Options) fill() {
	o.ChunkSize = max(o.ChunkSize, 0)
	o.ChunkSize = (cmp.Or(o.ChunkSize, defaultChunkSize) + quantum - 1) / quantum * quantum
	if o.Concurrency <= 0 {
		o.Concurrency = defaultConcurrency
	}
}

// settings are what the parameters of a root say about the client; see the package
// comment. What they say about objects goes into the options.
type settings struct {
	endpoint    string
	userProject string
	impersonate string
	roots       *x509.CertPool // nil for the machine's
	anonymous   bool
}

var (
	errOwnClient  = errors.New("the parameters and client options have no effect, since the program brought its own client")
	errPlainText  = errors.New(`parameter "anonymous" is not false with an http:// endpoint: credentials would travel in plain text`)
	errOwnOptions = errors.New(`parameters "ca-file" and "impersonate" have no effect, since the program brought its own client options`)
	errNobody     = errors.New(`an anonymous client cannot "impersonate" anybody`)
	errKey        = errors.New(`parameter "kms-key" is the whole name of a key: projects/P/locations/L/keyRings/R/cryptoKeys/K`)
)

func known() param.Known {
	return param.Known{
		"anonymous", "ca-file", "chunk-size", "concurrency", "endpoint", "impersonate", "kms-key",
		"read-only", "storage-class", "user-project",
	}
}

// readSettings reads the parameters. Those about objects replace what the options
// say.
func readSettings(root backend.Root, options *Options) (settings, error) {
	values, err := known().Read(root.Params)
	if err != nil {
		return settings{}, err
	}
	shaping := values["endpoint"] + values["anonymous"] + values["ca-file"] + values["impersonate"]
	if options.Client != nil && (shaping != "" || len(options.ClientOptions) > 0) {
		return settings{}, errOwnClient
	}
	if len(options.ClientOptions) > 0 && values["ca-file"]+values["impersonate"] != "" {
		return settings{}, errOwnOptions
	}
	s := settings{userProject: values["user-project"], impersonate: values["impersonate"]}
	if s.endpoint, err = values.Endpoint("endpoint"); err != nil {
		return settings{}, err
	}
	if s.roots, err = param.ReadRoots("ca-file", values["ca-file"]); err != nil {
		return settings{}, err
	}
	return s, errors.Join(s.readAnonymous(values), options.read(values))
}

func (s *settings) readAnonymous(values param.Values) error {
	anonymous, err := values.Bool("anonymous")
	if err != nil {
		return err
	}
	plain := strings.HasPrefix(s.endpoint, "http://")
	if plain && anonymous != nil && !*anonymous {
		return errPlainText
	}
	s.anonymous = plain || anonymous != nil && *anonymous
	if s.anonymous && s.impersonate != "" {
		return errNobody
	}
	return nil
}

// read takes over what parameters say about objects.
func (o *Options) read(values param.Values) error {
	chunk, chunkErr := values.Bytes("chunk-size")
	concurrency, concurrencyErr := values.Count("concurrency")
	readOnly, readOnlyErr := values.Bool("read-only")
	o.ChunkSize = cmp.Or(chunk, o.ChunkSize)
	o.Concurrency = cmp.Or(concurrency, o.Concurrency)
	o.StorageClass = cmp.Or(values["storage-class"], o.StorageClass)
	o.KMSKey = cmp.Or(values["kms-key"], o.KMSKey)
	if readOnly != nil {
		o.ReadOnly = *readOnly
	}
	o.fill()
	if o.KMSKey != "" && (!strings.HasPrefix(o.KMSKey, "projects/") || !strings.Contains(o.KMSKey, "/cryptoKeys/")) {
		return errKey
	}
	return errors.Join(chunkErr, concurrencyErr, readOnlyErr)
}
