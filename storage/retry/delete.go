package retry

import (
	"context"
	"errors"

	"github.com/cairnstate/cairn/storage/backend"
)

// DeleteAll deletes again what could not be deleted for the moment. It has no clock:
// what moves inside of a batch is not seen.
func (b *retrying) DeleteAll(ctx context.Context, keys []string) error {
	p := b.patience(ctx, "delete", "")
	var lasting []error
	for {
		err := b.Through.DeleteAll(ctx, keys)
		if err == nil {
			return errors.Join(lasting...)
		}
		left, failed, never := divide(err, keys)
		lasting = append(lasting, never...)
		if len(left) == 0 {
			return errors.Join(lasting...)
		}
		if len(left) < len(keys) {
			p.progressed()
		}
		if err := p.again(errors.Join(failed...)); err != nil {
			return errors.Join(append(lasting, err)...)
		}
		keys = left
	}
}

// divide returns the keys that may be deleted if one waits, why they were not, and
// the errors that will stay. One for no key holds for all.
func divide(err error, keys []string) (left []string, failed, lasting []error) {
	for _, err := range each(err) {
		switch typed, ok := errors.AsType[*backend.Error](err); {
		case !passing(err):
			lasting = append(lasting, err)
		case !ok || typed.Key == "":
			return keys, []error{err}, nil
		default:
			left = append(left, typed.Key)
			failed = append(failed, err)
		}
	}
	return left, failed, lasting
}

// each returns the errors that were joined.
func each(err error) []error {
	joined, ok := err.(interface{ Unwrap() []error })
	if _, one := err.(*backend.Error); one || !ok { //nolint:errorlint // one within others is part of their text
		return []error{err}
	}
	var all []error
	for _, err := range joined.Unwrap() {
		all = append(all, each(err)...)
	}
	return all
}
