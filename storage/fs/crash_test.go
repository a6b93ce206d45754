package fs

import (
	"context"
	"errors"
	"fmt"
	"io"
	iofs "io/fs"
	"maps"
	"os"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/cairnstate/cairn/storage/backend"
)

// act is one thing that a program does to a store, and what becomes of it.
type act struct {
	name string
	do   func(ctx context.Context, b *Backend) error
	// makes are the objects that the act changes; the empty string is no object.
	makes map[string]string
	// twice, if not nil, is what the act says that was done already.
	twice error
}

const none = ""

// redo does it when it may have been done already.
func (a act) redo(ctx context.Context, b *Backend) error {
	err := a.do(ctx, b)
	if a.twice != nil && errors.Is(err, a.twice) {
		return nil
	}
	return err
}

func write(b *Backend, key, content string, opts *backend.CreateOptions, end func(backend.Writer) error) error {
	w, err := b.Create(context.Background(), key, opts)
	if err != nil {
		return err
	}
	defer w.Close()
	if _, err := io.WriteString(w, content); err != nil {
		return err
	}
	return end(w)
}

// story is what a job does to its directory: each act is done once the ones before
// it are.
func story() []act {
	exclusive := &backend.CreateOptions{IfAbsent: true}
	commit, abandon := backend.Writer.Commit, backend.Writer.Close
	put := func(key, content string, opts *backend.CreateOptions, end func(backend.Writer) error) func(context.Context, *Backend) error {
		return func(_ context.Context, b *Backend) error { return write(b, key, content, opts, end) }
	}
	return []act{
		{"create", put("job/chk-1/state", "state one", nil, commit), map[string]string{"job/chk-1/state": "state one"}, nil},
		{"create beside", put("job/shared/file", "shared", nil, commit), map[string]string{"job/shared/file": "shared"}, nil},
		{"complete", put("job/chk-1/_metadata", "metadata", exclusive, commit), map[string]string{"job/chk-1/_metadata": "metadata"}, iofs.ErrExist},
		{"replace", put("job/chk-1/state", "state two, longer", nil, commit), map[string]string{"job/chk-1/state": "state two, longer"}, nil},
		{"abandon", put("job/chk-2/state", "never", nil, abandon), map[string]string{"job/chk-2/state": none}, nil},
		{"copy", func(ctx context.Context, b *Backend) error {
			return b.Copy(ctx, "job/shared/file", "sp/file", exclusive)
		}, map[string]string{"sp/file": "shared"}, iofs.ErrExist},
		{"swap in", func(ctx context.Context, b *Backend) error {
			_, err := b.Swap(ctx, "job/latest", "", []byte("1"))
			return err
		}, map[string]string{"job/latest": "1"}, backend.ErrChanged},
		{"swap", func(ctx context.Context, b *Backend) error {
			return swapFrom(ctx, b, "job/latest", "1", "2")
		}, map[string]string{"job/latest": "2"}, backend.ErrChanged},
		{"delete the name", func(ctx context.Context, b *Backend) error { return b.Delete(ctx, "job/chk-1/_metadata") },
			map[string]string{"job/chk-1/_metadata": none}, nil},
		{"delete the rest", func(ctx context.Context, b *Backend) error {
			return b.DeleteAll(ctx, []string{"job/chk-1/state", "job/shared/file", "sp/file"})
		}, map[string]string{"job/chk-1/state": none, "job/shared/file": none, "sp/file": none}, nil},
		{"create again", put("job/chk-1/state", "anew", exclusive, commit), map[string]string{"job/chk-1/state": "anew"}, iofs.ErrExist},
	}
}

// swapFrom swaps one content for another, as who had seen the old one.
func swapFrom(ctx context.Context, b *Backend, key, old, new string) error {
	found, err := contents(ctx, b)
	if err != nil {
		return err
	}
	seen, err := b.Stat(ctx, key)
	if found[key] != old {
		seen.Version = "of what was there before"
	}
	if err != nil {
		return err
	}
	_, err = b.Swap(ctx, key, seen.Version, []byte(new))
	return err
}

// contents returns all objects as a reader finds them.
func contents(ctx context.Context, b *Backend) (map[string]string, error) {
	found := make(map[string]string)
	for info, err := range b.List(ctx, "") {
		if err != nil {
			return nil, err
		}
		r, err := b.Open(ctx, info.Key, nil)
		if err != nil {
			return nil, err
		}
		data, err := io.ReadAll(r)
		if err := errors.Join(err, r.Close()); err != nil {
			return nil, err
		}
		found[info.Key] = string(data)
	}
	return found, nil
}

// teller tells the story on a disk, and looks at all that could become of it.
type teller struct {
	ctx     context.Context
	certain map[string]string // what was acknowledged
	images  int               // that were looked at
	err     error             // the first thing that was wrong
}

// allow checks that a store holds what was acknowledged, and of the act that is
// going on all or nothing of each object.
func (tell *teller) allow(b *Backend, doing act) error {
	found, err := contents(tell.ctx, b)
	if err != nil {
		return err
	}
	for key := range union(found, tell.certain, doing.makes) {
		before, after := tell.certain[key], tell.certain[key]
		if content, changes := doing.makes[key]; changes {
			after = content
		}
		if got := found[key]; got != before && got != after {
			return fmt.Errorf("%q holds %q, want %q or %q", key, got, before, after)
		}
	}
	return nil
}

func union(sets ...map[string]string) map[string]string {
	all := make(map[string]string)
	for _, set := range sets {
		maps.Copy(all, set)
	}
	return all
}

// again has another process do the act on the disk, to its end, and then cuts the
// power: now all must be there, and nothing else.
func (tell *teller) again(disk *simulated, doing act) error {
	b := &Backend{tree: disk}
	if err := doing.redo(tell.ctx, b); err != nil {
		return fmt.Errorf("doing it again: %w", err)
	}
	if _, err := b.Sweep(tell.ctx, "", 0); err != nil {
		return err
	}
	want := maps.Clone(tell.certain)
	maps.Copy(want, doing.makes)
	maps.DeleteFunc(want, func(_, content string) bool { return content == none })
	found, err := contents(tell.ctx, b)
	if err != nil || !maps.Equal(found, want) {
		return fmt.Errorf("after doing it again there is %q, want %q (%v)", found, want, err)
	}
	if left := disk.temporary(disk.top); left != 0 {
		return fmt.Errorf("%d temporary files are left after sweeping", left)
	}
	for image := range disk.images() {
		tell.images++
		found, err := contents(tell.ctx, &Backend{tree: image})
		if err != nil || !maps.Equal(found, want) {
			return fmt.Errorf("after doing it again and a power failure there is %q, want %q (%v)", found, want, err)
		}
	}
	return nil
}

func (d *simulated) temporary(n *node) int {
	count := 0
	for name, child := range n.names {
		if isTemporary(name) {
			count++
		}
		count += d.temporary(child)
	}
	return count
}

// look examines the disk at a moment: killed here, and without power from here.
func (tell *teller) look(disk *simulated, doing act, when string) {
	note := func(what string, err error) {
		if err != nil && tell.err == nil {
			tell.err = fmt.Errorf("%s, after %q, %s: %w", doing.name, when, what, err)
		}
	}
	tell.images++
	note("killed", tell.allow(&Backend{tree: disk.clone()}, doing))
	note("killed", tell.again(disk.clone(), doing))
	for image := range disk.images() {
		if tell.err != nil {
			return
		}
		tell.images++
		note("without power", tell.allow(&Backend{tree: image}, doing))
		note("without power", tell.again(image, doing))
	}
}

// tell tells the story and looks after each step of the disk.
func (tell *teller) tell(disk *simulated) error {
	b := &Backend{tree: disk}
	for _, doing := range story() {
		disk.after = func(step string) { tell.look(disk, doing, step) }
		if err := doing.do(tell.ctx, b); err != nil {
			return errors.Join(tell.err, fmt.Errorf("%s: %w", doing.name, err))
		}
		if tell.err != nil {
			break
		}
		maps.Copy(tell.certain, doing.makes)
		tell.look(disk, act{name: doing.name, do: func(context.Context, *Backend) error { return nil }}, "its end")
	}
	return tell.err
}

func newTeller(t *testing.T) *teller {
	return &teller{ctx: t.Context(), certain: make(map[string]string)}
}

// After each step on the disk the machine dies, in every way that it may: a reader
// sees each object whole or not at all, what was acknowledged is there, and a
// second run finishes and leaves nothing behind.
func TestEveryCrash(t *testing.T) {
	tell := newTeller(t)
	if err := tell.tell(newSimulated()); err != nil {
		t.Error(err)
	}
	t.Logf("%d crash images", tell.images)
	if tell.images < 1000 {
		t.Errorf("only %d images were looked at: the story is not told", tell.images)
	}
}

// A disk that does not sync what it is told to is found out, whatever it is.
func TestCrashesFindWhatIsNotSynced(t *testing.T) {
	for name, deaf := range map[string]func(step string) bool{
		"bytes":           func(step string) bool { return strings.HasSuffix(step, temporarySuffix) },
		"names":           func(step string) bool { return step == "sync job/chk-1" },
		"directories":     func(step string) bool { return step == "sync ." },
		"the ones within": func(step string) bool { return step == "sync job" },
	} {
		disk := newSimulated()
		disk.deaf = deaf
		if err := newTeller(t).tell(disk); err == nil {
			t.Errorf("%s are not synced, and nobody notices", name)
		}
	}
}

// Each step on the disk fails once, before it took effect and after, with each of
// the errors that disks have. The act then says so, or has taken effect; and a
// second run finishes.
func TestEveryFault(t *testing.T) {
	faults := []error{syscall.ENOSPC, syscall.EDQUOT, syscall.EIO, syscall.EACCES, syscall.EROFS, os.ErrDeadlineExceeded}
	count := 0
	for _, fault := range faults {
		for _, before := range []bool{true, false} {
			for number := 0; ; number++ {
				fired, err := faulty(t, number, fault, before)
				if err != nil {
					t.Errorf("step %d, %v, before %v: %v", number, fault, before, err)
				}
				if !fired {
					break
				}
				count++
			}
		}
	}
	t.Logf("%d faults", count)
	if count < 500 {
		t.Errorf("only %d faults fired", count)
	}
}

// faulty tells the story with one step that fails, and the act that it belongs to
// done again.
func faulty(t *testing.T, number int, fault error, early bool) (fired bool, err error) {
	disk, tell := newSimulated(), newTeller(t)
	steps := 0
	disk.fault = func(string) (before, after error) {
		steps++
		switch {
		case steps-1 != number:
			return nil, nil
		case early:
			return fault, nil
		}
		return nil, fault
	}
	b := &Backend{tree: disk}
	for _, doing := range story() {
		err := doing.do(tell.ctx, b)
		if err != nil {
			if !errors.Is(err, fault) {
				return true, fmt.Errorf("%s: %w hides the reason", doing.name, err)
			}
			if err := tell.allow(b, doing); err != nil {
				return true, fmt.Errorf("%s: %w", doing.name, err)
			}
			for _, image := range slices.Collect(disk.images()) {
				if err := tell.allow(&Backend{tree: image}, doing); err != nil {
					return true, fmt.Errorf("%s, without power: %w", doing.name, err)
				}
			}
			if err := doing.redo(tell.ctx, b); err != nil {
				return true, fmt.Errorf("%s, again: %w", doing.name, err)
			}
		}
		maps.Copy(tell.certain, doing.makes)
		if steps <= number {
			continue
		}
		for image := range disk.images() {
			if err := tell.allow(&Backend{tree: image}, act{}); err != nil {
				return true, fmt.Errorf("%s, done, without power: %w", doing.name, err)
			}
		}
	}
	return steps > number, nil
}
