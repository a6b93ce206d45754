package fs

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/cairnstate/cairn/internal/scenario"
	"github.com/cairnstate/cairn/storage/backend"
)

// on returns the place of a play on the disk.
func on(disk *simulated) scenario.Place {
	registry := new(backend.Registry)
	registry.Register(func(context.Context, backend.Root) (backend.Backend, error) {
		return anywhere{backend.Through{Backend: &Backend{tree: disk}}}, nil
	}, "far")
	return scenario.Place{Registry: registry, Base: "far://disk/ck", Large: 200}
}

// anywhere reads without keeping to a directory: a simulated disk has no links that
// could lead out of it.
type anywhere struct{ backend.Through }

func (a anywhere) Open(ctx context.Context, key string, opts *backend.OpenOptions) (backend.Reader, error) {
	if opts != nil {
		narrowed := *opts
		narrowed.Within = ""
		opts = &narrowed
	}
	return a.Through.Open(ctx, key, opts)
}

// judged judges what a play left on the disk, and what a power failure makes of the
// disk once a second run has cleaned it up.
func judged(ctx context.Context, disk *simulated, ledger *scenario.Ledger, excuse scenario.Excuse) (images int, err error) {
	if _, err := scenario.Judge(ctx, on(disk), ledger, excuse); err != nil {
		return 1, err
	}
	if _, err := (&Backend{tree: disk}).Sweep(ctx, "", 0); err != nil {
		return 1, err
	}
	for image := range disk.images() {
		images++
		keys, err := on(image).Keys(ctx)
		orphan := func(key string) bool { return excuse.Orphans && strings.Contains(key, "/shared/") }
		if keys = slices.DeleteFunc(keys, orphan); err != nil || len(keys) > 0 {
			return images, fmt.Errorf("cleaned up, and then without power: %q are left, %v", keys, err)
		}
	}
	if left := disk.temporary(disk.top); left > 0 {
		return images, fmt.Errorf("%d temporary files are left after sweeping", left)
	}
	return images + 1, nil
}

var dead = scenario.Excuse{Killed: true, Orphans: true}

// crashes plays, and after each step on the disk looks at all that is there if the
// process is killed now, and at all that may be if the power fails.
func crashes(t *testing.T, play scenario.Play, disk *simulated) (images int, err error) {
	t.Helper()
	ledger, err := play.Prepare(t.Context(), on(disk))
	if err != nil {
		return 0, err
	}
	note := func(step string, image *simulated) {
		n, wrong := judged(t.Context(), image, ledger.Copy(), dead)
		images += n
		if wrong != nil && err == nil {
			err = fmt.Errorf("%s, after %q: %w", play.Name, step, wrong)
		}
	}
	disk.after = func(step string) {
		killed := disk.clone()
		killed.after = func(second string) { // the power fails while the second run cleans up
			for image := range killed.images() {
				if err != nil {
					return
				}
				images++
				if _, wrong := scenario.Judge(t.Context(), on(image), new(scenario.Ledger), dead); wrong != nil {
					err = fmt.Errorf("%s, killed after %q, without power after %q: %w", play.Name, step, second, wrong)
				}
			}
		}
		note(step, killed)
		for image := range disk.images() {
			if err != nil {
				return
			}
			note(step, image)
		}
	}
	told := play.Perform(t.Context(), on(disk), ledger)
	return images, errors.Join(err, told)
}

// A job's process dies after each step that its checkpoints make on the disk, in every
// way that it may: a reader sees a whole checkpoint or none, what was acknowledged is
// there, and a second run leaves nothing.
func TestPlaysAndEveryCrash(t *testing.T) {
	total := 0
	for _, play := range scenario.Plays() {
		images, err := crashes(t, play, newSimulated())
		if err != nil {
			t.Error(err)
		}
		total += images
	}
	t.Logf("%d crash images of %d plays", total, len(scenario.Plays()))
	if total < 1000 {
		t.Errorf("only %d images were looked at", total)
	}
}

// A disk that does not sync is found out by a play, too.
func TestPlaysFindWhatIsNotSynced(t *testing.T) {
	for name, deaf := range map[string]func(string) bool{
		"bytes":       func(step string) bool { return strings.HasSuffix(step, temporarySuffix) },
		"names":       func(step string) bool { return strings.HasSuffix(step, "/chk-7") },
		"directories": func(step string) bool { return strings.HasSuffix(step, "/ca120000000000000000000000000001") },
	} {
		disk := newSimulated()
		disk.deaf = deaf
		if _, err := crashes(t, scenario.Plays()[0], disk); err == nil {
			t.Errorf("%s are not synced, and nobody notices", name)
		}
	}
}

// wrong is a fault of a disk.
type wrong struct {
	err    error
	late   bool // after the step took effect
	stays  bool // for all steps from then on
	looked bool // of what reads, and not of what writes
}

func wrongs() []wrong {
	var all []wrong
	for _, err := range []error{syscall.ENOSPC, syscall.EDQUOT, syscall.EIO, syscall.EACCES, syscall.EROFS} {
		all = append(all, wrong{err: err}, wrong{err: err, stays: true}, wrong{err: err, late: true})
	}
	for _, err := range []error{syscall.EIO, syscall.EACCES} {
		all = append(all, wrong{err: err, looked: true}, wrong{err: err, looked: true, stays: true})
	}
	return all
}

// Each call of the file system fails that the plays make, with each of the errors that
// disks have, once and from then on; and then the power fails.
func TestPlaysAndEveryFault(t *testing.T) {
	count, images := 0, 0
	for _, play := range scenario.Plays() {
		for _, w := range wrongs() {
			for number := 0; ; number++ {
				fired, n, err := w.during(t, play, number)
				if err != nil {
					t.Errorf("%s, call %d, %+v: %v", play.Name, number, w, err)
				}
				images += n
				if !fired {
					break
				}
				count++
			}
		}
	}
	t.Logf("%d faults of the disk, %d kinds at every call of %d plays; %d crash images after them", count, len(wrongs()), len(scenario.Plays()), images)
	if count < 1000 {
		t.Errorf("only %d faults fired", count)
	}
}

// during plays with a call that fails, and judges the disk, and each that a power
// failure may leave then.
func (w wrong) during(t *testing.T, play scenario.Play, number int) (fired bool, images int, _ error) {
	t.Helper()
	disk := newSimulated()
	ledger, err := play.Prepare(t.Context(), on(disk))
	if err != nil {
		return false, 0, err
	}
	var mu sync.Mutex
	calls := 0
	fails := func() bool {
		mu.Lock()
		defer mu.Unlock()
		calls++
		return calls-1 == number || w.stays && calls > number
	}
	w.arm(disk, fails)
	acknowledged := w.watch(t, disk, ledger)
	told := play.Perform(t.Context(), on(disk), ledger)
	disk.fault, disk.look = nil, nil
	if fired = calls > number; !fired {
		return false, 0, told
	}
	if err = *acknowledged; told != nil {
		err = errors.Join(err, scenario.CheckError(told))
	}
	for image := range disk.images() {
		images++
		_, wrong := scenario.Judge(t.Context(), on(image), ledger, dead)
		err = errors.Join(err, without("without power", wrong))
	}
	n, wrong := judged(t.Context(), disk.clone(), ledger, scenario.Excuse{Orphans: w.stays})
	if err = errors.Join(err, wrong); err != nil {
		err = fmt.Errorf("%w (the play said: %v)", err, told)
	}
	return true, images + n, err
}

// watch cuts the power once the checkpoint was acknowledged and is read for the first
// time: that moment is gone when the play has ended.
func (w wrong) watch(t *testing.T, disk *simulated, ledger *scenario.Ledger) *error {
	t.Helper()
	found := new(error)
	look := disk.look
	var once sync.Once
	disk.look = func(call string) error {
		if ledger.Acknowledged && !ledger.Disposing {
			once.Do(func() {
				for image := range disk.images() {
					_, wrong := scenario.Judge(t.Context(), on(image), ledger.Copy(), dead)
					*found = errors.Join(*found, without("acknowledged, and then without power", wrong))
				}
			})
		}
		if look == nil {
			return nil
		}
		return look(call)
	}
	return found
}

func without(what string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", what, err)
}

// arm has the disk fail.
func (w wrong) arm(disk *simulated, fails func() bool) {
	if w.looked {
		disk.look = func(string) error {
			if fails() {
				return w.err
			}
			return nil
		}
		return
	}
	disk.fault = func(string) (before, after error) {
		switch {
		case !fails():
			return nil, nil
		case w.late:
			return nil, w.err
		}
		return w.err, nil
	}
}
