// Package powers calls every method that a backend can have, found by reflection,
// so that a test of a wrapper sees what the wrapper forgot, also of powers that the
// contract gets tomorrow.
package powers

import (
	"context"
	"fmt"
	"io"
	"iter"
	"reflect"
	"strings"
	"time"

	"github.com/cairnstate/cairn/storage/backend"
)

// Requests yields the name of each method of [backend.Through] that may reach the
// store, and a function that calls it on b with the key, wherever it takes one. What
// the method hands out is used up: a reader is read, a listing gone through, a
// writer committed. Close comes last, and Limits not at all.
func Requests(b backend.Backend) iter.Seq2[string, func(ctx context.Context, key string) error] {
	return func(yield func(string, func(context.Context, string) error) bool) {
		methods := reflect.TypeFor[backend.Through]()
		names := []string{}
		for i := range methods.NumMethod() {
			if name := methods.Method(i).Name; name != "Limits" && name != "Close" {
				names = append(names, name)
			}
		}
		for _, name := range append(names, "Close") {
			if !yield(name, func(ctx context.Context, key string) error { return request(b, name, ctx, key) }) {
				return
			}
		}
	}
}

func request(b backend.Backend, name string, ctx context.Context, key string) error { //nolint:revive // ctx is an argument of the method, not of this function
	method := reflect.ValueOf(b).MethodByName(name)
	if !method.IsValid() {
		return fmt.Errorf("%T has no method %s: it loses a power", b, name)
	}
	var args []reflect.Value
	for i := range method.Type().NumIn() {
		args = append(args, argument(method.Type().In(i), ctx, key))
	}
	var err error
	for _, result := range method.Call(args) {
		if failed := use(result.Interface()); failed != nil {
			err = failed
		}
	}
	return err
}

func argument(of reflect.Type, ctx context.Context, key string) reflect.Value { //nolint:revive // as above
	for _, value := range []any{ctx, key, []string{key}, []byte("content"), time.Minute, nowhere{}, source{}, int64(len("content"))} {
		if value := reflect.ValueOf(value); value.Type().AssignableTo(of) {
			return value
		}
	}
	return reflect.Zero(of)
}

// use makes of a result what a caller would make of it.
func use(result any) error {
	switch result := result.(type) {
	case error:
		return result
	case backend.Reader:
		defer result.Close()
		_, err := io.ReadAll(result)
		return err
	case backend.Writer:
		defer result.Close()
		if _, err := io.WriteString(result, "content"); err != nil {
			return err
		}
		return result.Commit()
	case iter.Seq2[backend.Info, error]:
		for _, err := range result {
			if err != nil {
				return err
			}
		}
	}
	return nil
}

type nowhere struct{}

func (nowhere) WriteAt(p []byte, _ int64) (int, error) { return len(p), nil }

// source holds the content.
type source struct{}

func (source) ReadAt(p []byte, offset int64) (int, error) {
	return strings.NewReader("content").ReadAt(p, offset)
}
