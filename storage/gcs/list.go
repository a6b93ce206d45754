package gcs

import (
	"context"
	"errors"
	"iter"

	"cloud.google.com/go/storage"
	"google.golang.org/api/iterator"

	"github.com/cairnstate/cairn/storage/backend"
)

// List yields the objects under the prefix, a page of a thousand at a time as the
// caller goes on. Keys that are not valid here are left out: other tools keep
// "directories" as empty objects whose keys end with a slash.
func (b *Backend) List(ctx context.Context, prefix string) iter.Seq2[backend.Info, error] {
	return func(yield func(backend.Info, error) bool) {
		objects, err := b.objects(ctx, prefix)
		previous := ""
		for err == nil {
			var attrs *storage.ObjectAttrs
			if attrs, err = objects.Next(); err != nil {
				break
			}
			if attrs.Name <= previous {
				err = errOrder
				break
			}
			previous = attrs.Name
			if backend.ValidKey(attrs.Name) && backend.HasPrefix(attrs.Name, prefix) && !yield(info(attrs), nil) {
				return
			}
		}
		if errors.Is(err, iterator.Done) {
			err = ctx.Err()
		}
		if err != nil {
			yield(backend.Info{}, b.fail("list", prefix, err))
		}
	}
}

var errOrder = errors.New("the store does not list its keys in order")

func (b *Backend) objects(ctx context.Context, prefix string) (*storage.ObjectIterator, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	query := &storage.Query{Projection: storage.ProjectionNoACL}
	if prefix != "" {
		if !backend.ValidKey(prefix) {
			return nil, errInvalidKey
		}
		query.Prefix = prefix + "/"
	}
	if err := query.SetAttrSelection([]string{"Name", "Size", "Updated", "Generation"}); err != nil {
		return nil, err
	}
	api, err := b.client.get(ctx)
	if err != nil {
		return nil, err
	}
	return b.handle(api).Objects(ctx, query), nil
}
