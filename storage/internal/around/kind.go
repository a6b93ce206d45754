package around

import (
	"context"
	"errors"
	"io/fs"
	"syscall"

	"github.com/cairnstate/cairn/storage/backend"
)

// Kind says in a word or two what an error means, for those who count and those who
// read along: "ok" for none, and "failed" for what nobody has a word for.
func Kind(err error) string {
	if err == nil {
		return "ok"
	}
	for _, kind := range kinds() {
		if errors.Is(err, kind.is) {
			return kind.says
		}
	}
	return "failed"
}

type kind struct {
	is   error
	says string
}

// kinds has the end of the context first: what else went wrong came of it.
func kinds() []kind {
	return []kind{
		{context.Canceled, "cancelled"},
		{context.DeadlineExceeded, "too late"},
		{fs.ErrNotExist, "absent"},
		{fs.ErrExist, "exists"},
		{backend.ErrChanged, "changed"},
		{backend.ErrThrottled, "throttled"},
		{backend.ErrTransient, "transient"},
		{backend.ErrReadOnly, "read-only"},
		{fs.ErrPermission, "denied"},
		{backend.ErrEscapes, "escapes"},
		{syscall.ENOSPC, "full"},
		{errors.ErrUnsupported, "unsupported"},
	}
}
