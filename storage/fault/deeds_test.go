package fault_test

import (
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/cairnstate/cairn/storage/backend"
)

// What the tests do with a backend, each within an hour, so that a stall has an end.
// The clock is that of testing/synctest where there is one.

func readA(b backend.Backend) (string, error) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Hour)
	defer cancel()
	r, err := b.Open(ctx, "a", nil)
	if err != nil {
		return "", err
	}
	defer r.Close()
	data, err := io.ReadAll(io.LimitReader(r, 1000))
	return string(data), err
}

// writeB writes four bytes and returns how many were taken, if any could be.
func writeB(b backend.Backend) (string, error) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Hour)
	defer cancel()
	w, err := b.Create(ctx, "b", nil)
	if err != nil {
		return "", err
	}
	defer w.Close()
	n, err := io.WriteString(w, "bbbb")
	if err == nil {
		err = w.Commit()
	}
	return fmt.Sprint(n), err
}

func deleteA(b backend.Backend) (string, error) {
	return "", b.Delete(context.Background(), "a")
}

func copyAToB(b backend.Backend) (string, error) {
	return "", backend.Copy(context.Background(), b, "a", "b", nil)
}

func listAll(b backend.Backend) (string, error) {
	var keys []string
	for info, err := range b.List(context.Background(), "") {
		if err != nil {
			return strings.Join(keys, " "), err
		}
		keys = append(keys, info.Key)
	}
	return strings.Join(keys, " "), nil
}

// uploadB uploads ten bytes.
func uploadB(b backend.Backend) (string, error) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Hour)
	defer cancel()
	return "", backend.Upload(ctx, b, "b", nil, strings.NewReader("0123456789"), 10)
}

// downloadA downloads ten bytes; what does not come is a point.
func downloadA(b backend.Backend) (string, error) {
	into := memory(strings.Repeat(".", 10))
	_, err := backend.Download(context.Background(), b, "a", nil, into)
	return string(into), err
}

type memory []byte

func (m memory) WriteAt(p []byte, at int64) (int, error) { return copy(m[at:], p), nil }
