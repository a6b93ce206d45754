package s3_test

import (
	"context"
	"errors"
	"io/fs"
	"net"
	"net/http"
	"net/url"
	"strings"
	"syscall"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/smithy-go"

	"github.com/cairnstate/cairn/storage/backend"
	"github.com/cairnstate/cairn/storage/s3"
)

// An error says what happened and what to do, and is what errors.Is expects.
func TestErrors(t *testing.T) {
	for name, test := range map[string]struct {
		answer http.HandlerFunc
		is     error
		want   string
	}{
		"missing":       {code(404, "NoSuchKey"), fs.ErrNotExist, `s3: open "a/k" in bucket "b": no such object`},
		"no bucket":     {code(404, "NoSuchBucket"), nil, "no such bucket: check its name, the endpoint and the account"},
		"denied":        {code(403, "AccessDenied"), fs.ErrPermission, "access denied (who may not list the bucket gets this for a missing object, too): words of the store (HTTP 403 AccessDenied, request R1)"},
		"bad key":       {code(403, "InvalidAccessKeyId"), fs.ErrPermission, "check the access key, its secret and the endpoint"},
		"bad signature": {code(403, "SignatureDoesNotMatch"), fs.ErrPermission, "check the access key, its secret and the endpoint"},
		"expired":       {code(403, "ExpiredToken"), fs.ErrPermission, "the credentials have expired"},
		"clock":         {code(403, "RequestTimeTooSkewed"), fs.ErrPermission, "clock differs"},
		"no login":      {code(401, "Unauthorized"), fs.ErrPermission, "wants credentials"},
		"overload":      {code(503, "SlowDown"), backend.ErrThrottled, "overloaded"},
		"too many":      {code(429, "TooManyRequests"), backend.ErrThrottled, "overloaded"},
		"limit":         {code(400, "RequestLimitExceeded"), backend.ErrThrottled, "overloaded"},
		"failure":       {code(500, "InternalError"), backend.ErrTransient, "InternalError"},
		"broken off":    {func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, backend.ErrTransient, "the connection to the store broke"},
		"full":          {code(507, "XMinioStorageFull"), syscall.ENOSPC, "the store is full, make room there"},
		"moved":         {moved(301, "eu-west-1"), nil, "the bucket is in region eu-west-1: set AWS_REGION or the parameter region to it"},
		"other region":  {moved(400, "eu-west-1"), nil, "the bucket is in region eu-west-1"},
		"redirect":      {moved(307, ""), nil, "the bucket is at another endpoint or region"},
		"no page":       {func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "<html>", http.StatusBadGateway) }, backend.ErrTransient, "502"},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFake(t)
			f.fault = func(w http.ResponseWriter, r *http.Request, _ http.Handler) bool { test.answer(w, r); return true }
			_, err := f.open(s3.Options{}).Open(t.Context(), "a/k", nil)
			check(t, err, anyError, test.want)
			for _, sentinel := range []error{fs.ErrNotExist, fs.ErrPermission, fs.ErrExist, backend.ErrChanged, backend.ErrThrottled, backend.ErrTransient, syscall.ENOSPC} {
				if got := errors.Is(err, sentinel); got != (sentinel == test.is) {
					t.Errorf("errors.Is(%v, %v) = %v", err, sentinel, got)
				}
			}
			if _, ok := errors.AsType[*backend.Error](err); !ok {
				t.Errorf("%T is no *backend.Error", err)
			}
		})
	}
}

func code(status int, code string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { refuse(w, status, code) }
}

// moved points at a host that must not be asked.
func moved(status int, region string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		if region != "" {
			w.Header().Set("X-Amz-Bucket-Region", region)
		}
		w.Header().Set("Location", "http://127.0.0.1:1/elsewhere")
		refuse(w, status, "Moved")
	}
}

// The SDK's own error stays within reach.
func TestErrorsKeepTheSDKs(t *testing.T) {
	f := newFake(t)
	_, err := f.open(s3.Options{}).Open(t.Context(), "k", nil)
	if _, ok := errors.AsType[*types.NoSuchKey](err); !ok {
		t.Errorf("no NoSuchKey in %v", err)
	}
	if _, ok := errors.AsType[smithy.APIError](err); !ok {
		t.Errorf("no APIError in %v", err)
	}
}

func TestUnreachable(t *testing.T) {
	f := newFake(t)
	f.url = "http://127.0.0.1:1"
	_, err := f.open(s3.Options{}).Open(t.Context(), "k", nil)
	check(t, err, anyError, "the store cannot be reached, check the endpoint: dial tcp 127.0.0.1:1")
	cfg := config()
	cfg.HTTPClient = &http.Client{Transport: &http.Transport{DialContext: func(context.Context, string, string) (net.Conn, error) {
		return nil, &net.DNSError{Err: "no such host", Name: "minio", IsNotFound: true}
	}}}
	_, err = f.open(s3.Options{Config: cfg}).Stat(t.Context(), "k")
	check(t, err, anyError, "the store cannot be reached, check the endpoint: lookup minio: no such host")
}

// A context that is done touches nothing, and is what the error says.
func TestCancelled(t *testing.T) {
	f := newFake(t)
	b := f.open(s3.Options{})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, openErr := b.Open(ctx, "k", nil)
	_, statErr := b.Stat(ctx, "k")
	_, createErr := b.Create(ctx, "k", nil)
	var listErr error
	for _, listErr = range b.List(ctx, "k") {
	}
	for verb, err := range map[string]error{
		"open": openErr, "stat": statErr, "create": createErr, "list": listErr, "delete": b.Delete(ctx, "k"),
	} {
		check(t, err, context.Canceled, "s3: "+verb+` "k" in bucket "b": context canceled`)
	}
	if log := f.requests(); len(log) != 0 {
		t.Errorf("requests %q", log)
	}
}

// The metadata service of a machine says 404 when it has no credentials. That
// must not read as "no such object".
func TestNoCredentials(t *testing.T) {
	f := newFake(t)
	notFound := f.open(s3.Options{})
	cfg := config()
	cfg.Credentials = aws.CredentialsProviderFunc(func(ctx context.Context) (aws.Credentials, error) {
		_, err := notFound.Stat(ctx, "k")
		return aws.Credentials{}, err
	})
	_, err := f.open(s3.Options{Config: cfg}).Open(t.Context(), "k", nil)
	check(t, err, anyError, "no credentials were found: set AWS_PROFILE, or ")
	if errors.Is(err, fs.ErrNotExist) {
		t.Errorf("missing credentials are fs.ErrNotExist: %v", err)
	}
	cfg.Credentials = nil
	_, err = f.open(s3.Options{Config: cfg}).Open(t.Context(), "k", nil)
	check(t, err, anyError, "no credentials were found")
}

// No error of any kind holds a secret, not even of those that the user put where
// it does not belong.
func TestNoSecretInErrors(t *testing.T) {
	const misplaced = "hunter2/hunter2"
	var errs []error
	for _, root := range []backend.Root{
		{Scheme: "s3a", Authority: "AKIA:" + misplaced + "@b"},
		{Scheme: "s3", Authority: "b", Params: url.Values{"endpoint": {"https://k:" + misplaced + "@host"}}},
		{Scheme: "s3", Authority: "b", Params: url.Values{"secretKey": {misplaced}}},
		{Scheme: "s3", Authority: "b", Params: url.Values{"anonymous": {misplaced}}},
	} {
		_, err := s3.Open(t.Context(), root, nil)
		errs = append(errs, err)
	}
	f := newFake(t)
	for _, status := range []int{400, 403, 404, 500} {
		f.fault = func(w http.ResponseWriter, _ *http.Request, _ http.Handler) bool { refuse(w, status, "X"); return true }
		b := f.open(s3.Options{})
		_, err := b.Open(t.Context(), "k", nil)
		errs = append(errs, err, write(t.Context(), b, "k", nil, nil))
	}
	for _, err := range errs {
		if err == nil {
			t.Error("no error")
			continue
		}
		for _, secret := range []string{misplaced, url.QueryEscape(misplaced), secretKey, session} {
			if strings.Contains(err.Error(), secret) {
				t.Errorf("a secret in %v", err)
			}
		}
	}
}
