package s3

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/smithy-go/encoding/httpbinding"
)

// What the signature says of the content instead of its SHA-256, and that of no
// content.
const (
	unsigned = "UNSIGNED-PAYLOAD"
	nothing  = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
)

// fast makes requests by hand, each once. An answer that is no success is handed
// to the SDK (see after), so there is one place that knows errors and repetition.
type fast struct {
	client          s3.HTTPClient
	signer          s3.HTTPSignerV4
	credentials     aws.CredentialsProvider // nil: send none
	region, service string
	base            url.URL // of the bucket; Path ends with a slash
	raw             string  // the path of base, encoded
	agent           string
	payer           bool
	verify          bool // ask for checksums
}

// get sends a GET or a HEAD. byteRange and etag may be empty.
func (f *fast) get(ctx context.Context, method, key, byteRange, etag string) (*http.Response, error) {
	r := f.request(ctx, method, key)
	if byteRange != "" {
		r.Header["Range"] = []string{byteRange}
	}
	if etag != "" {
		r.Header["If-Match"] = []string{etag}
	}
	if f.verify && method == http.MethodGet {
		r.Header["X-Amz-Checksum-Mode"] = []string{"ENABLED"}
	}
	return f.send(r, nothing)
}

// put sends an object. free says that nobody reads the data any more.
func (f *fast) put(ctx context.Context, o object, headers map[string]string) (response *http.Response, free bool, err error) {
	r := f.request(ctx, http.MethodPut, o.key)
	for name, value := range headers {
		r.Header[name] = []string{value}
	}
	r.Header["Content-Type"] = []string{contentType}
	r.Header[tokenHeader] = []string{o.token}
	if o.ifNoneMatch != "" {
		r.Header["If-None-Match"] = []string{o.ifNoneMatch}
	}
	if o.ifMatch != "" {
		r.Header["If-Match"] = []string{o.ifMatch}
	}
	return f.sendBody(r, o)
}

// putPart sends a part of an object.
func (f *fast) putPart(ctx context.Context, upload string, number int32, o object) (response *http.Response, free bool, err error) {
	r := f.request(ctx, http.MethodPut, o.key)
	r.URL.RawQuery = "partNumber=" + strconv.Itoa(int(number)) + "&uploadId=" + httpbinding.EscapePath(upload, true)
	return f.sendBody(r, o)
}

func (f *fast) sendBody(r *http.Request, o object) (response *http.Response, free bool, err error) {
	body := &body{source: o.source}
	r.Body, r.ContentLength = body, o.size
	if o.size == 0 {
		r.Body = http.NoBody
	}
	if o.proof.crc {
		r.Header["X-Amz-Checksum-Crc32c"] = []string{*o.crc32c()}
	}
	hash := unsigned
	if o.proof.signed {
		if hash, err = o.sha256(); err != nil {
			return nil, true, err
		}
	}
	response, err = f.send(r, hash)
	free = body.isClosed()
	body.Close()
	return response, free, err
}

func (f *fast) request(ctx context.Context, method, key string) *http.Request {
	u := f.base
	u.Path, u.RawPath = f.base.Path+key, f.raw+httpbinding.EscapePath(key, false)
	r := &http.Request{
		Method: method, URL: &u, Host: u.Host, Header: make(http.Header, 12),
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
	}
	if f.payer {
		r.Header["X-Amz-Request-Payer"] = []string{"requester"}
	}
	return r.WithContext(ctx)
}

// send signs and sends. What is not to be signed comes after: a proxy may change
// it.
func (f *fast) send(r *http.Request, hash string) (*http.Response, error) {
	if f.credentials != nil {
		r.Header["X-Amz-Content-Sha256"] = []string{hash}
		found, err := f.credentials.Retrieve(r.Context())
		if err != nil {
			return nil, err
		}
		if err := f.signer.SignHTTP(r.Context(), found, r, hash, f.service, f.region, time.Now(), oncePathEscaped); err != nil {
			return nil, err
		}
	}
	r.Header["User-Agent"] = []string{f.agent}
	r.Header["Accept-Encoding"] = []string{"identity"} // or net/http asks for gzip
	return f.client.Do(r)
}

func oncePathEscaped(o *v4.SignerOptions) { o.DisableURIPathEscaping = true }

// after has the SDK take the answer, or its absence, for that of its own first
// try. It explains it, or tries again by its rules.
func after(response *http.Response, err error) func(*s3.Options) {
	return func(o *s3.Options) { o.HTTPClient = &replay{response: response, err: err, next: o.HTTPClient} }
}

type replay struct {
	response *http.Response
	err      error
	done     bool
	next     s3.HTTPClient
}

func (r *replay) Do(request *http.Request) (*http.Response, error) {
	if r.done {
		return r.next.Do(request)
	}
	r.done = true
	if request.Body != nil {
		request.Body.Close()
	}
	return r.response, r.err
}
