package s3

import (
	"errors"
	"hash"
	"io"
	"net/http"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
)

// found is what an answer says of an object.
type found struct {
	length   int64 // of the body
	modified time.Time
	etag     string
	mark     string // what tells this object from another of the same content
	token    string // of its writer
	within   string // the Content-Range, or empty
	body     io.ReadCloser

	sum  string    // the checksum of the body, if sums is not nil
	sums hash.Hash // how it is computed
}

var errNoSize = errors.New("the store does not say how long the object is")

const tokenHeader = "X-Amz-Meta-Cairn-Writer"

// foundIn reads the headers of an answer that was asked for by hand.
func foundIn(response *http.Response) (*found, error) {
	f := &found{
		length: response.ContentLength, etag: response.Header.Get("Etag"), token: response.Header.Get(tokenHeader),
		within: response.Header.Get("Content-Range"), body: response.Body,
	}
	if f.length < 0 {
		response.Body.Close()
		return nil, errNoSize
	}
	if modified, err := http.ParseTime(response.Header.Get("Last-Modified")); err == nil {
		f.modified = modified
	}
	f.mark = markOf(response.Header.Get("X-Amz-Version-Id"), f.token)
	if f.within == "" {
		f.sum, f.sums = checksumOf(response.Header)
	}
	return f, nil
}

// foundBy reads what the SDK found.
func foundBy(out *s3.GetObjectOutput, err error) (*found, error) {
	if err != nil {
		return nil, err
	}
	if out.ContentLength == nil {
		out.Body.Close()
		return nil, errNoSize
	}
	token := out.Metadata[tokenName]
	return &found{
		length: *out.ContentLength, modified: aws.ToTime(out.LastModified), etag: aws.ToString(out.ETag),
		mark: markOf(aws.ToString(out.VersionId), token), token: token, within: aws.ToString(out.ContentRange), body: out.Body,
	}, nil
}

func describedBy(out *s3.HeadObjectOutput, err error) (*found, error) {
	if err != nil {
		return nil, err
	}
	if out.ContentLength == nil {
		return nil, errNoSize
	}
	token := out.Metadata[tokenName]
	return &found{
		length: *out.ContentLength, modified: aws.ToTime(out.LastModified), etag: aws.ToString(out.ETag),
		mark: markOf(aws.ToString(out.VersionId), token), token: token,
	}, nil
}

// sentIn reads what came of an upload that was sent by hand.
func sentIn(response *http.Response, proof proof, free bool) sent {
	_, _ = io.Copy(io.Discard, response.Body) // it is empty, and then the connection is used again
	response.Body.Close()
	return sent{
		etag: response.Header.Get("Etag"), version: response.Header.Get("X-Amz-Version-Id"), free: free,
		echoed: proof.crc && response.Header.Get("X-Amz-Checksum-Crc32c") != "",
	}
}
