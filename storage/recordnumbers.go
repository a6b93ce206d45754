package storage

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strconv"
	"strings"

	"github.com/cairnstate/cairn/storage/backend"
)

// numberedMark is the content of a record whose contents are numbered files.
const numberedMark = "The content of this record is the file of the highest number in the directory beside it.\n"

// keptNumbers is how many numbered contents stay beside the last, for whoever is just
// reading one of them; and how often they are cleared away.
const keptNumbers = 8

// readTries is how often the last content may be cleared away while it is opened.
const readTries = 16

func isNumbered(data []byte) bool { return string(data) == numberedMark }

func (r *Record) numberPath(n int64) Path { return r.numbers.Child(fmt.Sprintf("%020d", n)) }

// readNumbered reads the content of the highest number.
func (r *Record) readNumbered(ctx context.Context) ([]byte, RecordVersion, error) {
	for range readTries {
		numbers, err := r.list(ctx)
		if err != nil {
			return nil, RecordVersion{}, err
		}
		if len(numbers) == 0 { // whoever made the mark has not come further
			return nil, RecordVersion{}, fmt.Errorf("it has no content yet: %w", fs.ErrNotExist)
		}
		last := numbers[len(numbers)-1]
		data, _, err := r.load(ctx, r.numberPath(last))
		if !errors.Is(err, fs.ErrNotExist) {
			return data, RecordVersion{number: last}, err
		}
	}
	return nil, RecordVersion{}, fmt.Errorf("it changed %d times while it was read; see who else coordinates this job", readTries)
}

// list returns the numbers of the contents that are there, in ascending order.
func (r *Record) list(ctx context.Context) ([]int64, error) {
	var numbers []int64
	for info, err := range r.backend.List(ctx, r.numbers.Key()) {
		if err != nil {
			return nil, err
		}
		n, err := strconv.ParseInt(strings.TrimPrefix(info.Key, r.numbers.Key()+"/"), 10, 64)
		if err == nil {
			numbers = append(numbers, n)
		}
	}
	return numbers, nil
}

// beginNumbered makes the mark, and the first content.
func (r *Record) beginNumbered(ctx context.Context, data []byte) (RecordVersion, error) {
	switch err := r.create(ctx, r.file, []byte(numberedMark)); {
	case err == nil:
		return r.swapNumbered(ctx, 0, data)
	case !errors.Is(err, fs.ErrExist):
		return RecordVersion{}, err
	}
	return r.joinNumbered(ctx, data)
}

// joinNumbered makes the first content if the mark is there.
func (r *Record) joinNumbered(ctx context.Context, data []byte) (RecordVersion, error) {
	there, _, err := r.load(ctx, r.file)
	if err != nil {
		return RecordVersion{}, err
	}
	if !isNumbered(there) {
		return RecordVersion{}, backend.ErrChanged
	}
	return r.swapNumbered(ctx, 0, data)
}

// swapNumbered creates the content after the old one, and looks whether it is the
// last. It is not if the number had been cleared away because others had come further:
// whoever slept that long finds out here.
func (r *Record) swapNumbered(ctx context.Context, old int64, data []byte) (RecordVersion, error) {
	next := old + 1
	if err := r.create(ctx, r.numberPath(next), data); errors.Is(err, fs.ErrExist) {
		return RecordVersion{}, fmt.Errorf("%w (%w)", backend.ErrChanged, err)
	} else if err != nil {
		return RecordVersion{}, err
	}
	numbers, err := r.list(ctx)
	if err != nil {
		return RecordVersion{}, err
	}
	if len(numbers) == 0 || numbers[len(numbers)-1] != next {
		return RecordVersion{}, fmt.Errorf("%w: others have come further", backend.ErrChanged)
	}
	if len(numbers) > 2*keptNumbers {
		r.clear(ctx, numbers[:len(numbers)-keptNumbers])
	}
	return RecordVersion{number: next}, nil
}

func (r *Record) create(ctx context.Context, p Path, data []byte) error {
	w, err := r.backend.Create(ctx, p.Key(), &backend.CreateOptions{IfAbsent: true})
	if err != nil {
		return err
	}
	defer w.Close()
	if _, err := w.Write(data); err != nil {
		return err
	}
	return w.Commit()
}

// clear deletes contents that others have come after. What fails is deleted the next
// time.
func (r *Record) clear(ctx context.Context, numbers []int64) {
	_ = r.remove(ctx, numbers)
}

func (r *Record) remove(ctx context.Context, numbers []int64) error {
	removal := newRemoval(ctx, r.backend)
	for _, n := range numbers {
		removal.add(r.numberPath(n).Key())
	}
	return removal.wait()
}

// removeBefore deletes all contents before the last.
func (r *Record) removeBefore(ctx context.Context, last int64) error {
	numbers, err := r.list(ctx)
	if err != nil || len(numbers) == 0 {
		return err
	}
	if numbers[len(numbers)-1] != last {
		return backend.ErrChanged
	}
	return r.remove(ctx, numbers[:len(numbers)-1])
}
