package gcs

import (
	"errors"
	"strings"

	"cloud.google.com/go/storage"
	"google.golang.org/api/option"

	"github.com/cairnstate/cairn/storage/backend"
	"github.com/cairnstate/cairn/storage/internal/param"
)

// Options are what code says about a [Backend]. Nil and zero values mean the
// defaults.
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
}

const defaultChunkSize = 8 << 20

// withDefaults returns the options with the defaults filled in.
func (o *Options) withDefaults() Options {
	var options Options
	if o != nil {
		options = *o
	}
	if options.ChunkSize <= 0 {
		options.ChunkSize = defaultChunkSize
	}
	const quantum = 256 << 10
	options.ChunkSize = (options.ChunkSize + quantum - 1) / quantum * quantum
	return options
}

// settings are what the parameters of a root say; see the package comment.
type settings struct {
	endpoint    string
	userProject string
	anonymous   bool
}

var (
	errOwnClient = errors.New("the parameters and client options have no effect, since the program brought its own client")
	errPlainText = errors.New(`parameter "anonymous" is not false with an http:// endpoint: credentials would travel in plain text`)
)

func readSettings(root backend.Root, options Options) (settings, error) {
	values, err := param.Known{"anonymous", "endpoint", "user-project"}.Read(root.Params)
	if err != nil {
		return settings{}, err
	}
	s := settings{userProject: values["user-project"]}
	if options.Client != nil && (values["endpoint"]+values["anonymous"] != "" || len(options.ClientOptions) > 0) {
		return settings{}, errOwnClient
	}
	if s.endpoint, err = values.Endpoint("endpoint"); err != nil {
		return settings{}, err
	}
	anonymous, err := values.Bool("anonymous")
	if err != nil {
		return settings{}, err
	}
	plain := strings.HasPrefix(s.endpoint, "http://")
	if plain && anonymous != nil && !*anonymous {
		return settings{}, errPlainText
	}
	s.anonymous = plain || anonymous != nil && *anonymous
	return s, nil
}
