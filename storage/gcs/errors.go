package gcs

import (
	"cmp"
	"context"
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
)

// cause is what a person needs to know of an SDK's error. errors.As still finds
// that one.
type cause struct {
	says string
	is   error // an fs sentinel, or nil
	err  error // the SDK's
}

func (c *cause) Error() string { return c.says }

func (c *cause) Unwrap() []error {
	if c.is == nil {
		return []error{c.err}
	}
	return []error{c.is, c.err}
}

// fail returns the error of an operation, explained.
func (b *Backend) fail(op, key string, err error) error {
	return &backend.Error{Backend: b.scheme, Op: op, Key: key, Root: fmt.Sprintf("bucket %q", b.bucket), Err: explain(err)}
}

func explain(err error) error {
	if _, explained := errors.AsType[*cause](err); explained {
		return err
	}
	switch {
	case errors.Is(err, context.Canceled):
		return &cause{context.Canceled.Error(), nil, err}
	case errors.Is(err, context.DeadlineExceeded):
		return &cause{context.DeadlineExceeded.Error(), nil, err}
	}
	if answer, ok := errors.AsType[*googleapi.Error](err); ok {
		return explainAnswer(answer, err)
	}
	if errors.Is(err, storage.ErrObjectNotExist) {
		return &cause{"no such object", fs.ErrNotExist, err}
	}
	if dns, ok := errors.AsType[*net.DNSError](err); ok {
		return &cause{fmt.Sprintf("the store cannot be reached, check the endpoint: %v", dns), nil, err}
	}
	if dial, ok := errors.AsType[*net.OpError](err); ok {
		return &cause{fmt.Sprintf("the store cannot be reached, check the endpoint: %v", dial), nil, err}
	}
	return err
}

// explainAnswer explains what the store answered.
func explainAnswer(answer *googleapi.Error, err error) error {
	message := words(answer)
	said := fmt.Sprintf("%s (HTTP %d)", message, answer.Code)
	switch {
	case answer.Code == http.StatusNotFound && isBucket(message), errors.Is(err, storage.ErrBucketNotExist):
		// Without what the SDK wraps around it: "object doesn't exist".
		return &cause{"no such bucket: check its name, the endpoint and the project", nil, answer}
	case answer.Code == http.StatusNotFound:
		return &cause{"no such object", fs.ErrNotExist, err}
	case strings.Contains(message, "requester pays"):
		return &cause{"the requester pays for this bucket: set the parameter user-project to your project: " + said, nil, err}
	case answer.Code == http.StatusForbidden:
		return &cause{"access denied: " + said, fs.ErrPermission, err}
	case answer.Code == http.StatusUnauthorized:
		return &cause{"the store wants other credentials: " + said, fs.ErrPermission, err}
	case answer.Code == http.StatusServiceUnavailable, answer.Code == http.StatusTooManyRequests:
		return &cause{"the store is overloaded, and was after repetitions too: " + said, nil, err}
	}
	return &cause{"the store answered: " + said, nil, err}
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
