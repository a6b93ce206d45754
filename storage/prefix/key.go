package prefix

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"github.com/cairnstate/cairn/storage/backend"
)

// whole returns the key as the backend within knows it. A key that is none is
// refused here: no backend within must decide whether ".." leads out.
func (b *rooted) whole(op, key string) (string, error) {
	if !backend.ValidKey(key) {
		return "", &backend.Error{Backend: "prefix", Op: op, Key: key, Root: fmt.Sprintf("%q", b.prefix),
			Err: fmt.Errorf("%w: a key is names joined by single slashes", fs.ErrInvalid)}
	}
	return b.prefix + "/" + key, nil
}

func (b *rooted) cut(key string) string { return strings.TrimPrefix(key, b.prefix+"/") }

func (b *rooted) info(info backend.Info) backend.Info {
	info.Key = b.cut(info.Key)
	return info
}

// relative returns the error as it is told below the prefix. Of a batch it is each
// error of those that are joined.
func (b *rooted) relative(err error) error {
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		var errs []error
		for _, err := range joined.Unwrap() {
			errs = append(errs, b.relative(err))
		}
		return errors.Join(errs...)
	}
	inner, ok := err.(*backend.Error) //nolint:errorlint // one within others is part of their text
	if !ok {
		return err
	}
	outer := *inner
	outer.Key = b.cut(inner.Key)
	if inner.Key == b.prefix { // of a listing from the root
		outer.Key = ""
	}
	outer.Root = strings.TrimSpace(fmt.Sprintf("%q %s", b.prefix, under(inner.Root)))
	return &outer
}

func under(root string) string {
	if root == "" {
		return ""
	}
	return "of " + root
}
