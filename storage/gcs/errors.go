package gcs

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"strings"

	"cloud.google.com/go/storage"
	"google.golang.org/api/googleapi"

	"github.com/cairnstate/cairn/storage/backend"
	"github.com/cairnstate/cairn/storage/internal/cause"
)

// fail returns the error of an operation, explained.
func (b *Backend) fail(op, key string, err error) error {
	return &backend.Error{Backend: b.scheme, Op: op, Key: key, Root: fmt.Sprintf("bucket %q", b.bucket), Err: explain(err)}
}

func explain(err error) error { return cause.Explain(err, explainSDK) }

func explainSDK(err error) error {
	if answer, ok := errors.AsType[*googleapi.Error](err); ok {
		return explainAnswer(answer, err)
	}
	if errors.Is(err, storage.ErrObjectNotExist) {
		return cause.New("no such object", fs.ErrNotExist, err)
	}
	if dns, ok := errors.AsType[*net.DNSError](err); ok {
		return cause.New(fmt.Sprintf("the store cannot be reached, check the endpoint: %v", dns), sentinel(err), err)
	}
	if dial, ok := errors.AsType[*net.OpError](err); ok {
		return cause.New(fmt.Sprintf("the store cannot be reached, check the endpoint: %v", dial), sentinel(err), err)
	}
	if is := sentinel(err); is != nil {
		return cause.New(err.Error(), is, err)
	}
	return err
}

// sentinel returns [backend.ErrTransient] if the request may be repeated, as Google
// sees it, with [backend.ErrThrottled] if it should be less often; else nil.
func sentinel(err error) error {
	switch code := status(err); {
	case code == http.StatusTooManyRequests, code == http.StatusServiceUnavailable:
		return errors.Join(backend.ErrThrottled, backend.ErrTransient)
	case storage.ShouldRetry(err):
		return backend.ErrTransient
	}
	return nil
}

// explainAnswer explains what the store answered.
func explainAnswer(answer *googleapi.Error, err error) error {
	message := words(answer)
	said := fmt.Sprintf("%s (HTTP %d)", message, answer.Code)
	switch {
	case answer.Code == http.StatusNotFound && isBucket(message), errors.Is(err, storage.ErrBucketNotExist):
		// Without what the SDK wraps around it: "object doesn't exist".
		return cause.New("no such bucket: check its name, the endpoint and the project", nil, answer)
	case answer.Code == http.StatusNotFound:
		return cause.New("no such object", fs.ErrNotExist, err)
	case strings.Contains(message, "requester pays"):
		return cause.New("the requester pays for this bucket: set the parameter user-project to your project: "+said, nil, err)
	case answer.Code == http.StatusForbidden:
		return cause.New("access denied: "+said, fs.ErrPermission, err)
	case answer.Code == http.StatusUnauthorized:
		return cause.New("the store wants other credentials: "+said, fs.ErrPermission, err)
	case answer.Code == http.StatusServiceUnavailable, answer.Code == http.StatusTooManyRequests:
		return cause.New("the store is overloaded, and was after repetitions too: "+said, sentinel(err), err)
	}
	return cause.New("the store answered: "+said, sentinel(err), err)
}

// isBucket reports whether the message of a 404 means the bucket. There is no
// code for it.
func isBucket(message string) bool {
	return strings.Contains(message, "bucket does not exist")
}

// words returns what the answer says in words. The SDK takes them out of JSON for
// all verbs but reading.
func words(answer *googleapi.Error) string {
	var body struct{ Error struct{ Message string } }
	_ = json.Unmarshal([]byte(answer.Body), &body) // else it is words already
	text := cmp.Or(answer.Message, body.Error.Message, strings.TrimSpace(answer.Body), "no reason given")
	const enough = 300
	if len(text) > enough {
		return strings.ToValidUTF8(text[:enough], "") + "…"
	}
	return text
}
