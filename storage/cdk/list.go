package cdk

import (
	"context"
	"errors"
	"io"
	"iter"
	"slices"
	"strings"

	"gocloud.dev/blob"

	"github.com/cairnstate/cairn/storage/backend"
)

// List yields the objects under the prefix. Keys that are not valid here are left
// out. On Azure all of them are read before the first is told.
func (b *Backend) List(ctx context.Context, prefix string) iter.Seq2[backend.Info, error] {
	if driverOf(b.root.Scheme).escapes {
		return b.sorted(ctx, prefix)
	}
	return func(yield func(backend.Info, error) bool) {
		previous := ""
		for info, err := range b.listed(ctx, prefix) {
			if err == nil && info.Key <= previous {
				err = b.fail("list", prefix, errOrder)
			}
			if err != nil {
				yield(backend.Info{}, err)
				return
			}
			previous = info.Key
			if backend.ValidKey(info.Key) && backend.HasPrefix(info.Key, prefix) && !yield(info, nil) {
				return
			}
		}
	}
}

func (b *Backend) sorted(ctx context.Context, prefix string) iter.Seq2[backend.Info, error] {
	return func(yield func(backend.Info, error) bool) {
		var infos []backend.Info
		for info, err := range b.listed(ctx, prefix) {
			if err != nil {
				yield(backend.Info{}, err)
				return
			}
			if backend.ValidKey(info.Key) && backend.HasPrefix(info.Key, prefix) {
				infos = append(infos, info)
			}
		}
		slices.SortFunc(infos, func(a, b backend.Info) int { return strings.Compare(a.Key, b.Key) })
		for _, info := range infos {
			if err := ctx.Err(); err != nil {
				yield(backend.Info{}, b.fail("list", prefix, err))
				return
			}
			if !yield(info, nil) {
				return
			}
		}
		if err := ctx.Err(); err != nil {
			yield(backend.Info{}, b.fail("list", prefix, err))
		}
	}
}

// listed yields what the driver lists.
func (b *Backend) listed(ctx context.Context, prefix string) iter.Seq2[backend.Info, error] {
	return func(yield func(backend.Info, error) bool) {
		objects, err := b.objects(ctx, prefix)
		for err == nil {
			var object *blob.ListObject
			if object, err = objects.Next(ctx); err != nil {
				break
			}
			if !yield(backend.Info{Key: object.Key, Size: object.Size, ModTime: object.ModTime}, nil) {
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
