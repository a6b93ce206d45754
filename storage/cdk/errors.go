package cdk

import (
	"errors"
	"io"
	"io/fs"
	"net"
	"strings"
	"syscall"

	"gocloud.dev/gcerrors"

	"github.com/cairnstate/cairn/storage/backend"
	"github.com/cairnstate/cairn/storage/internal/cause"
)

// fail returns the error of an operation, explained.
func (b *Backend) fail(op, key string, err error) error {
	return &backend.Error{Backend: b.root.Scheme, Op: op, Key: key, Root: b.root.String(), Err: explain(err)}
}

func explain(err error) error { return cause.Explain(err, explainDriver) }

func explainDriver(err error) error {
	if errors.Is(err, fs.ErrInvalid) || errors.Is(err, backend.ErrChanged) || errors.Is(err, fs.ErrClosed) {
		return err // our own
	}
	switch text, code := redact(err.Error()), gcerrors.Code(err); {
	case code == gcerrors.NotFound:
		if isBucket(text) {
			return cause.New("no such bucket or container: check its name and the account: "+text, nil, err)
		}
		return cause.New("no such object", fs.ErrNotExist, err)
	case code == gcerrors.PermissionDenied, isDenied(text):
		return cause.New("access denied: "+text, fs.ErrPermission, err)
	default:
		return cause.New(text, sentinel(err, text), err)
	}
}

// isBucket reports whether what is not found is not the object. The codes of
// gocloud do not tell, the words of the stores do.
func isBucket(text string) bool {
	for _, word := range []string{"ContainerNotFound", "NoSuchBucket", "bucket does not exist", "no such host"} {
		if strings.Contains(text, word) {
			return true
		}
	}
	return false
}

// isDenied reports whether Azure denied the request. Of its codes for that gocloud
// knows one, which is of credentials that it does not take.
func isDenied(text string) bool { return strings.Contains(text, "RESPONSE 403") }

// sentinel returns what an error means that gocloud has a code for, or that comes
// from the network; else nil.
func sentinel(err error, text string) error {
	timeout, isNet := errors.AsType[net.Error](err)
	switch code := gcerrors.Code(err); {
	case code == gcerrors.ResourceExhausted, strings.Contains(text, "ServerBusy"), strings.Contains(text, "SlowDown"):
		return errors.Join(backend.ErrThrottled, backend.ErrTransient)
	case code == gcerrors.Internal, code == gcerrors.DeadlineExceeded, isNet && timeout.Timeout(),
		errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.ECONNREFUSED):
		return backend.ErrTransient
	}
	return nil
}
