package sqlbackend

import (
	"context"
	"iter"
	"strings"
	"time"

	"github.com/cairnstate/cairn/storage/backend"
)

// pageSize is how many objects one query of a listing yields.
const pageSize = 1000

// List yields the objects below the prefix. It asks for a page after the last key
// that it saw; a page that was counted off would leave out as many as were deleted
// meanwhile. No connection is held while the caller looks at an element: it may
// need one itself.
func (b *Backend) List(ctx context.Context, prefix string) iter.Seq2[backend.Info, error] {
	return func(yield func(backend.Info, error) bool) {
		after, end := bounds(prefix)
		for more := true; more; {
			page, err := b.page(ctx, after, end)
			for _, info := range page {
				if ctx.Err() != nil {
					break
				}
				if !yield(info, nil) {
					return
				}
				after = info.Key
			}
			if err == nil {
				err = ctx.Err()
			}
			if err != nil {
				yield(backend.Info{}, b.fail(ctx, "list", prefix, err))
				return
			}
			more = len(page) == pageSize
		}
	}
}

// bounds returns what the keys below a prefix lie between: "a/" and "a0", as "0"
// is the byte after the slash. So "a-b" and "a0/b" are outside.
func bounds(prefix string) (after, end string) {
	if prefix == "" {
		return "", strings.Repeat("\xff", maxKey+1)
	}
	return prefix + "/", prefix + "0"
}

func (b *Backend) page(ctx context.Context, after, end string) ([]backend.Info, error) {
	rows, err := b.db.QueryContext(ctx, `SELECT key, content, size, modified FROM objects
		WHERE key > ? AND key < ? ORDER BY key LIMIT ?`, []byte(after), []byte(end), pageSize)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var page []backend.Info
	for rows.Next() {
		var info backend.Info
		var modified int64
		if err := rows.Scan(&info.Key, &info.Version, &info.Size, &modified); err != nil {
			return nil, err
		}
		info.ModTime = time.Unix(0, modified)
		page = append(page, info)
	}
	return page, rows.Err()
}
