package s3_test

import (
	"net/url"
	"slices"
	"strings"
	"testing"

	awss3 "github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/cairnstate/cairn/storage/backend"
	"github.com/cairnstate/cairn/storage/s3"
)

// What was opened for reading alone sends nothing but GET and HEAD, whoever made
// the client.
func TestReadOnly(t *testing.T) {
	f := newFake(t)
	f.objects["k"] = object{data: []byte("x")}
	own := awss3.NewFromConfig(*config(), func(o *awss3.Options) { o.BaseEndpoint, o.Region, o.UsePathStyle = &f.url, "r", true })
	for name, b := range map[string]*s3.Backend{
		"option":     f.open(s3.Options{ReadOnly: true}),
		"parameter":  f.openWith(s3.Options{}, url.Values{"read-only": {"true"}}),
		"own client": f.openWith(s3.Options{Client: own}, url.Values{"read-only": {"true"}, "endpoint": nil}),
	} {
		t.Run(name, func(t *testing.T) {
			ctx := t.Context()
			_, createErr := b.Create(ctx, "k", nil)
			_, swapErr := b.Swap(ctx, "k", "", nil)
			for verb, err := range map[string]error{
				"create": createErr, "swap": swapErr, "delete": b.Delete(ctx, "k"),
				"delete all": b.DeleteAll(ctx, []string{"k"}), "copy": b.Copy(ctx, "k", "l", nil),
				"upload": b.Upload(ctx, "k", nil, strings.NewReader("x"), 1),
			} {
				if err == nil {
					t.Errorf("%s succeeds", verb)
				}
				check(t, err, backend.ErrReadOnly, "opened for reading alone")
			}
			if _, err := readAll(ctx, b, "k", nil); err != nil {
				t.Error(err)
			}
			if !b.Limits().ReadOnly {
				t.Error("the limits do not say so")
			}
			for _, request := range f.requests() {
				if !slices.Contains([]string{"GET k", "HEAD k"}, request) {
					t.Errorf("sent %s", request)
				}
			}
		})
	}
}

// Even a request that the verbs did not refuse is stopped at the last door, be it
// one that the SDK makes or one that is made by hand: here an upload, and the
// removal of its parts, by the client of a backend that had been writable.
func TestReadOnlyLastDoor(t *testing.T) {
	f := newFake(t)
	b := f.open(s3.Options{PartSize: 10})
	s3.MakeReadOnlyBehind(b)
	for size, data := range map[string][]byte{"small": []byte("x"), "large": make([]byte, 50)} {
		check(t, write(t.Context(), b, size, data, nil), backend.ErrReadOnly, "")
	}
	check(t, b.Delete(t.Context(), "k"), backend.ErrReadOnly, "")
	s3.AbortBehind(t.Context(), b)
	for _, request := range f.requests() {
		if request != "HEAD small" && request != "HEAD large" {
			t.Errorf("sent %s", request)
		}
	}
}
