package gcs

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"mime"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"net/url"
	"slices"

	"golang.org/x/sync/errgroup"
	"google.golang.org/api/googleapi"

	"github.com/cairnstate/cairn/storage/backend"
)

// batchSize is what the store takes at once.
const batchSize = 100

// DeleteAll deletes a hundred objects with each request, and some requests at once.
// The SDK has no batches, so they are written here; a client that is the program's
// own is not known well enough for that, and is asked for each object.
func (b *Backend) DeleteAll(ctx context.Context, keys []string) error {
	if b.options.ReadOnly {
		return b.fail("delete", "", backend.ErrReadOnly)
	}
	if b.options.Client != nil || len(b.options.ClientOptions) > 0 {
		return backend.DeleteAll(ctx, eachAlone{b}, keys)
	}
	var failed []error
	valid := make([]string, 0, len(keys))
	for _, key := range keys {
		if !backend.ValidKey(key) {
			failed = append(failed, b.fail("delete", key, errInvalidKey))
			continue
		}
		valid = append(valid, key)
	}
	if _, err := b.client.get(ctx); err != nil && len(valid) > 0 {
		return b.fail("delete", "", err)
	}
	var group errgroup.Group
	group.SetLimit(b.options.Concurrency)
	results := make([]error, (len(valid)+batchSize-1)/batchSize)
	for i := range results {
		some := valid[i*batchSize : min((i+1)*batchSize, len(valid))]
		group.Go(func() error {
			results[i] = b.deleteBatch(ctx, some)
			return nil
		})
	}
	_ = group.Wait() // results has the errors
	return errors.Join(append(failed, results...)...)
}

// eachAlone hides that a backend deletes many.
type eachAlone struct{ backend.Backend }

// deleteBatch deletes the objects, and those again that the store had no time for.
func (b *Backend) deleteBatch(ctx context.Context, keys []string) error {
	backoff := b.backoff
	for attempt := 1; ; attempt++ {
		answers, err := b.sendBatch(ctx, keys)
		again, failed := b.judge(keys, answers, err, attempt < attempts && ctx.Err() == nil)
		if len(again) == 0 || failed != nil {
			return failed
		}
		keys = again
		if err := wait(ctx, backoff.Pause()); err != nil {
			return b.fail("delete", "", err)
		}
	}
}

// judge returns the keys to ask for again, and the errors of the others. Those that
// may be asked for again are not asked if others failed for good, or if the tries
// are used up.
func (b *Backend) judge(keys []string, answers []error, err error, more bool) (again []string, failed error) {
	if err != nil && (!more || !transient(err)) {
		return nil, b.fail("delete", "", err)
	}
	if err != nil {
		return keys, nil
	}
	var final, rest []error
	for i, key := range keys {
		told := b.fail("delete", key, answers[i])
		switch {
		case answers[i] == nil, errors.Is(told, fs.ErrNotExist):
		case transient(answers[i]):
			again, rest = append(again, key), append(rest, told)
		default:
			final = append(final, told)
		}
	}
	if len(final) > 0 || !more {
		return nil, errors.Join(append(final, rest...)...)
	}
	return again, nil
}

// sendBatch makes one request for all keys, and returns what became of each.
func (b *Backend) sendBatch(ctx context.Context, keys []string) ([]error, error) {
	var body bytes.Buffer
	parts := multipart.NewWriter(&body)
	for i, key := range keys {
		part, err := parts.CreatePart(textproto.MIMEHeader{
			"Content-Type": {"application/http"}, "Content-Id": {fmt.Sprintf("<%d>", i)},
		})
		if err == nil {
			_, err = fmt.Fprintf(part, "DELETE %s HTTP/1.1\r\n\r\n", b.resource(key))
		}
		if err != nil {
			return nil, err
		}
	}
	if err := parts.Close(); err != nil {
		return nil, err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, b.client.address()+"/batch/storage/v1", &body)
	if err != nil {
		return nil, err
	}
	request.Header.Set("Content-Type", "multipart/mixed; boundary="+parts.Boundary())
	response, err := b.client.web.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	if err := googleapi.CheckResponse(response); err != nil {
		return nil, err
	}
	return readBatch(response, len(keys))
}

// resource returns the path of an object, with who pays.
func (b *Backend) resource(key string) string {
	path := "/storage/v1/b/" + url.PathEscape(b.bucket) + "/o/" + url.PathEscape(key)
	if project := b.client.settings.userProject; project != "" {
		path += "?userProject=" + url.QueryEscape(project)
	}
	return path
}

var errShortBatch = errors.New("the store's answer to a batch does not tell of this object")

// readBatch returns the answers in the order of the requests.
func readBatch(response *http.Response, n int) ([]error, error) {
	_, params, err := mime.ParseMediaType(response.Header.Get("Content-Type"))
	if err != nil {
		return nil, fmt.Errorf("the store's answer to a batch is none: %w", err)
	}
	answers := slices.Repeat([]error{errShortBatch}, n)
	parts := multipart.NewReader(response.Body, params["boundary"])
	for {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return answers, nil
		}
		if err != nil {
			return nil, err
		}
		var i int
		if count, _ := fmt.Sscanf(part.Header.Get("Content-Id"), "<response-%d>", &i); count != 1 || i < 0 || i >= n {
			continue
		}
		answers[i] = readPart(part)
	}
}

func readPart(part io.Reader) error {
	response, err := http.ReadResponse(bufio.NewReader(part), nil)
	if err != nil {
		return fmt.Errorf("the store's answer in a batch is none: %w", err)
	}
	defer response.Body.Close()
	return googleapi.CheckResponse(response)
}
