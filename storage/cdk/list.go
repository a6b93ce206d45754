package cdk

import (
	"context"
	"errors"
	"io"
	"iter"

	"gocloud.dev/blob"

	"github.com/cairnstate/cairn/storage/backend"
)

// List yields the objects under the prefix. Keys that are not valid here are left
// out.
func (b *Backend) List(ctx context.Context, prefix string) iter.Seq2[backend.Info, error] {
	return func(yield func(backend.Info, error) bool) {
		objects, err := b.objects(ctx, prefix)
		previous := ""
		for err == nil {
			var object *blob.ListObject
			if object, err = objects.Next(ctx); err != nil {
				break
			}
			if object.Key <= previous {
				err = errOrder
				break
			}
			previous = object.Key
			info := backend.Info{Key: object.Key, Size: object.Size, ModTime: object.ModTime}
			if backend.ValidKey(info.Key) && backend.HasPrefix(info.Key, prefix) && !yield(info, nil) {
				return
			}
		}
		if errors.Is(err, io.EOF) {
			err = ctx.Err()
		}
		if err != nil {
			yield(backend.Info{}, b.fail("list", prefix, err))
		}
	}
}

var errOrder = errors.New("the driver does not list its keys in order")

func (b *Backend) objects(ctx context.Context, prefix string) (*blob.ListIterator, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if prefix == "" {
		return b.bucket.List(nil), nil
	}
	if !backend.ValidKey(prefix) {
		return nil, errInvalidKey
	}
	return b.bucket.List(&blob.ListOptions{Prefix: prefix + "/"}), nil
}
