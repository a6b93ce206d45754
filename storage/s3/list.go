package s3

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"net/url"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/cairnstate/cairn/storage/backend"
)

// List yields the objects under the prefix, a page of a thousand at a time as the
// caller goes on; of a directory bucket, whose pages are in no order, when all
// were read. Keys that are not valid here are left out: other tools keep
// "directories" as empty objects whose keys end with a slash.
func (b *Backend) List(ctx context.Context, prefix string) iter.Seq2[backend.Info, error] {
	if b.unordered() {
		return b.listSorted(ctx, prefix)
	}
	return b.list(ctx, prefix)
}

func (b *Backend) list(ctx context.Context, prefix string) iter.Seq2[backend.Info, error] {
	return func(yield func(backend.Info, error) bool) {
		pages, err := b.pages(ctx, prefix)
		if err != nil {
			yield(backend.Info{}, err)
			return
		}
		previous, token := "", ""
		for pages.HasMorePages() {
			page, err := pages.NextPage(ctx)
			if err != nil {
				yield(backend.Info{}, b.fail(ctx, "list", prefix, err))
				return
			}
			for _, object := range page.Contents {
				info, err := entry(object, page.EncodingType)
				if err == nil && info.Key <= previous && !b.unordered() {
					err = errOrder
				}
				if err != nil {
					yield(backend.Info{}, b.fail(ctx, "list", prefix, err))
					return
				}
				previous = info.Key
				if backend.ValidKey(info.Key) && backend.HasPrefix(info.Key, prefix) && !yield(info, nil) {
					return
				}
			}
			next := aws.ToString(page.NextContinuationToken)
			if next != "" && next == token {
				yield(backend.Info{}, b.fail(ctx, "list", prefix, errSamePage))
				return
			}
			token = next
		}
		if err := ctx.Err(); err != nil {
			yield(backend.Info{}, b.fail(ctx, "list", prefix, err))
		}
	}
}

// listSorted reads all pages before it yields.
func (b *Backend) listSorted(ctx context.Context, prefix string) iter.Seq2[backend.Info, error] {
	return func(yield func(backend.Info, error) bool) {
		var infos []backend.Info
		for info, err := range b.list(ctx, prefix) {
			if err != nil {
				yield(backend.Info{}, err)
				return
			}
			infos = append(infos, info)
		}
		slices.SortFunc(infos, func(a, b backend.Info) int { return strings.Compare(a.Key, b.Key) })
		for _, info := range infos {
			if !yield(info, nil) {
				return
			}
		}
	}
}

func (b *Backend) pages(ctx context.Context, prefix string) (*s3.ListObjectsV2Paginator, error) {
	if err := ctx.Err(); err != nil {
		return nil, b.fail(ctx, "list", prefix, err)
	}
	if prefix != "" && !backend.ValidKey(prefix) {
		return nil, b.fail(ctx, "list", prefix, errInvalidKey)
	}
	calls, err := b.client.get(ctx)
	if err != nil {
		return nil, b.fail(ctx, "list", prefix, err)
	}
	in := &s3.ListObjectsV2Input{Bucket: &b.bucket, EncodingType: types.EncodingTypeUrl} // XML holds not every key
	if prefix != "" {
		in.Prefix = aws.String(prefix + "/")
	}
	return s3.NewListObjectsV2Paginator(calls.api, in), nil
}

// errSamePage ends what would last for ever. To end it without an error would be to
// call a part of the listing the whole.
var errSamePage = errors.New("the store gives out the same page of its listing again and again")

var errOrder = errors.New("the store does not list its keys in order")

// entry returns what a page says of an object. It tells no version: without the
// mark an entity tag is not one.
func entry(object types.Object, encoding types.EncodingType) (backend.Info, error) {
	key := aws.ToString(object.Key)
	if encoding == types.EncodingTypeUrl {
		decoded, err := url.QueryUnescape(key)
		if err != nil {
			return backend.Info{}, fmt.Errorf("the store lists a key that is not well encoded: %w", err)
		}
		key = decoded
	}
	return backend.Info{Key: key, Size: aws.ToInt64(object.Size), ModTime: aws.ToTime(object.LastModified)}, nil
}
