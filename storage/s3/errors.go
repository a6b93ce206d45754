package s3

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"syscall"

	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/smithy-go"

	"github.com/cairnstate/cairn/storage/backend"
	"github.com/cairnstate/cairn/storage/internal/cause"
)

// fail returns the error of an operation, explained.
func (b *Backend) fail(ctx context.Context, op, key string, err error) error {
	return &backend.Error{Backend: b.scheme, Op: op, Key: key, Root: fmt.Sprintf("bucket %q", b.bucket), Err: explain(ctx, err)}
}

// explain says that the caller gave up, if he did, and else what happened. That
// the time of a connection was up is no giving up.
func explain(ctx context.Context, err error) error {
	if _, explained := errors.AsType[*cause.Error](err); explained {
		return err
	}
	if ctx.Err() != nil && (errors.Is(err, ctx.Err()) || errors.Is(err, context.Canceled)) {
		return cause.New(context.Cause(ctx).Error(), context.Cause(ctx), err)
	}
	return explainSDK(err)
}

func explainSDK(err error) error {
	// Before the answers: this may hold one, of another service.
	if missing, ok := errors.AsType[*credentialsError](err); ok {
		return cause.New(missing.Error(), nil, err)
	}
	if answer, ok := errors.AsType[*awshttp.ResponseError](err); ok && answer.HTTPStatusCode() != 0 {
		return explainAnswer(answer, err)
	}
	return explainSilence(err)
}

// explainAnswer explains what the store answered.
func explainAnswer(answer *awshttp.ResponseError, err error) error {
	code, message := apiError(err)
	status := answer.HTTPStatusCode()
	said := fmt.Sprintf("%s (HTTP %d %s%s)", orElse(message, "no reason given"), status, code, requestID(answer))
	switch {
	case status < 300:
		return cause.New("the store's answer cannot be read: "+answer.Err.Error(), backend.ErrTransient, err)
	case code == "NoSuchBucket":
		return cause.New("no such bucket: check its name, the endpoint and the account", nil, err)
	case region(answer) != "" && (status == http.StatusMovedPermanently || status == http.StatusTemporaryRedirect || status == http.StatusBadRequest):
		return cause.New(fmt.Sprintf("the bucket is in region %s: set AWS_REGION or the parameter region to it", region(answer)), nil, err)
	case status >= 300 && status < 400, code == "AuthorizationHeaderMalformed":
		return cause.New("the bucket is at another endpoint or region: set AWS_REGION or the parameter region: "+said, nil, err)
	case code == "NoSuchUpload":
		return cause.New("the multipart upload is gone: "+said, nil, err)
	case status == http.StatusNotFound:
		return cause.New("no such object", fs.ErrNotExist, err)
	case status == http.StatusForbidden:
		return cause.New(forbidden(code)+": "+said, fs.ErrPermission, err)
	case status == http.StatusUnauthorized:
		return cause.New("the store wants credentials: "+said, fs.ErrPermission, err)
	case status == http.StatusInsufficientStorage, code == "XMinioStorageFull":
		return cause.New("the store is full, make room there: "+said, syscall.ENOSPC, err)
	case throttled(status, code):
		return cause.New("the store is overloaded, and was after repetitions too: "+said, backend.ErrThrottled, err)
	case status >= 500, status == http.StatusRequestTimeout, code == "RequestTimeout", code == "ConditionalRequestConflict", code == "OperationAborted":
		return cause.New("the store answered: "+said, backend.ErrTransient, err)
	}
	return cause.New("the store answered: "+said, nil, err)
}

// throttled says whether the answer asks for fewer requests.
func throttled(status int, code string) bool {
	switch code {
	case "SlowDown", "SlowDownRead", "SlowDownWrite", "RequestLimitExceeded", "Throttling", "ThrottlingException",
		"TooManyRequests", "TooManyRequestsException", "BandwidthLimitExceeded", "ServiceUnavailable":
		return true
	}
	return status == http.StatusServiceUnavailable || status == http.StatusTooManyRequests
}

// forbidden says what a 403 of this code asks to be done.
func forbidden(code string) string {
	switch code {
	case "InvalidAccessKeyId", "SignatureDoesNotMatch":
		return "the store does not take the credentials: check the access key, its secret and the endpoint"
	case "ExpiredToken", "TokenRefreshRequired", "InvalidToken":
		return "the credentials have expired: get new ones"
	case "RequestTimeTooSkewed":
		return "this machine's clock differs from the store's: set it"
	}
	return "access denied (who may not list the bucket gets this for a missing object, too)"
}

// explainSilence explains why there is no answer, or no more of one.
func explainSilence(err error) error {
	if dns, ok := errors.AsType[*net.DNSError](err); ok {
		return cause.New(fmt.Sprintf("the store cannot be reached, check the endpoint: %v", dns), transient(dns.Temporary()), err)
	}
	if dial, ok := errors.AsType[*net.OpError](err); ok && dial.Op == "dial" {
		return cause.New(fmt.Sprintf("the store cannot be reached, check the endpoint: %v", dial), backend.ErrTransient, err)
	}
	if op, ok := errors.AsType[*net.OpError](err); ok {
		return cause.New(fmt.Sprintf("the connection to the store broke: %v", op), transient(op.Op == "read" || op.Op == "write"), err)
	}
	if timeout, ok := errors.AsType[net.Error](err); ok && timeout.Timeout() {
		return cause.New("the store did not answer in time", backend.ErrTransient, err)
	}
	if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) {
		return cause.New("the connection to the store broke: "+io.ErrUnexpectedEOF.Error(), backend.ErrTransient, err)
	}
	return err
}

// transient returns the sentinel if it is meant.
func transient(meant bool) error {
	if meant {
		return backend.ErrTransient
	}
	return nil
}

func apiError(err error) (code, message string) {
	if api, ok := errors.AsType[smithy.APIError](err); ok {
		return api.ErrorCode(), api.ErrorMessage()
	}
	return "", ""
}

// region returns the region of the bucket, if the answer tells it.
func region(answer *awshttp.ResponseError) string {
	return answer.Response.Header.Get("X-Amz-Bucket-Region")
}

func requestID(answer *awshttp.ResponseError) string {
	if answer.RequestID == "" {
		return ""
	}
	return ", request " + answer.RequestID
}

func orElse(text, other string) string {
	if text == "" {
		return other
	}
	return text
}
