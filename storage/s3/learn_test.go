package s3_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	awss3 "github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/smithy-go/middleware"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"github.com/cairnstate/cairn/storage/backend"
	"github.com/cairnstate/cairn/storage/s3"
)

// The frequent requests do not go through the SDK, which would mark them, unless
// someone put something of his own into the client, which must see each.
func TestShortWay(t *testing.T) {
	watching := config()
	watching.APIOptions = []func(*middleware.Stack) error{smithyhttp.AddHeaderValue("X-Watched", "yes")}
	f := newFake(t)
	given := awss3.NewFromConfig(*watching, func(o *awss3.Options) { o.BaseEndpoint, o.Region, o.UsePathStyle = &f.url, "r", true })
	for name, test := range map[string]struct {
		b       *s3.Backend
		watched bool
	}{
		"ours":            {b: f.open(s3.Options{})},
		"requester pays":  {b: f.open(s3.Options{RequesterPays: true})},
		"watched":         {b: f.open(s3.Options{Config: watching}), watched: true},
		"watched, given":  {b: f.openWith(s3.Options{Client: given}, map[string][]string{"endpoint": nil}), watched: true},
		"logged":          {b: f.open(s3.Options{Config: &aws.Config{Credentials: config().Credentials, ClientLogMode: aws.LogSigning}}), watched: true},
		"read-only, ours": {b: f.open(s3.Options{ReadOnly: true})},
		"anonymous":       {b: f.openWith(s3.Options{}, map[string][]string{"anonymous": {"true"}})},
	} {
		t.Run(name, func(t *testing.T) {
			f.objects["k"] = object{data: []byte("x")}
			f.requests()
			frequent(t, test.b)
			for i, header := range f.headers {
				if bySDK := header.Get("Amz-Sdk-Invocation-Id") != ""; bySDK != test.watched {
					t.Errorf("%s by the SDK: %v", f.log[i], bySDK)
				}
				if signed := header.Get("Authorization") != ""; signed == (name == "anonymous") {
					t.Errorf("%s is signed: %v", f.log[i], signed)
				}
			}
			if len(f.headers) < 2 {
				t.Errorf("requests %q", f.log)
			}
		})
	}
}

func frequent(t *testing.T, b *s3.Backend) {
	_, err := b.Stat(t.Context(), "k")
	check(t, err, nil, "")
	_, err = readAll(t.Context(), b, "k", nil)
	check(t, err, nil, "")
	if !b.Limits().ReadOnly {
		check(t, write(t.Context(), b, "k", []byte("x"), &backend.CreateOptions{}), nil, "")
	}
}
