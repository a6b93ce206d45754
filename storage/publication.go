package storage

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"syscall"

	"github.com/cairnstate/cairn/storage/backend"
)

// How publishing the metadata of a checkpoint can fail, for errors.Is.
var (
	// ErrCheckpointExists says that a checkpoint has been completed in a place in
	// which another was to be completed or given up. It is whole, and not ours to
	// touch. It matches fs.ErrExist.
	ErrCheckpointExists = fmt.Errorf("a checkpoint is complete there already: %w", fs.ErrExist)

	// ErrPublicationUnknown says that the answer to a publication was lost, and that
	// reading has not told what became of it. The checkpoint may be complete now, or
	// turn out to be: nothing of it may be discarded.
	ErrPublicationUnknown = errors.New("nobody knows whether the checkpoint was completed")
)

const (
	adviceExists  = "do not dispose of it, discard your own states by their handles, take a higher checkpoint id, and see that this job has one coordinator only"
	adviceUnknown = "discard nothing; ask again later (SettlePublication)"
)

// publication is what is known of the metadata of a location.
type publication struct {
	state   publicationState
	content content // of what is doubtful
}

type publicationState int

const (
	unpublished publicationState = iota
	published
	doubtful // an answer was lost
)

// content is what metadata is recognised by.
type content struct {
	size   int64
	digest [sha256.Size]byte
}

// conclude records how a Commit ended, and finds out if that did not tell.
func (l *CheckpointStorageLocation) conclude(ctx context.Context, ours content, err error) error {
	switch {
	case err == nil:
		l.know(publication{state: published})
		return nil
	case errors.Is(err, fs.ErrExist):
		return fmt.Errorf("%w; %s (%w)", ErrCheckpointExists, adviceExists, err)
	}
	found, readErr := l.look(ctx, ours)
	switch {
	case found == foundOurs:
		l.know(publication{state: published})
		return nil
	case found == foundAnother:
		return fmt.Errorf("%w; %s (%w)", ErrCheckpointExists, adviceExists, err)
	case found == foundNothing && refused(err, l.metadata.Scheme() == localScheme):
		return err
	}
	l.know(publication{doubtful, ours})
	return fmt.Errorf("%w; %s: %w", ErrPublicationUnknown, adviceUnknown, errors.Join(err, readErr))
}

// refused reports whether nothing of the request can be under way any more, because
// nothing was sent, or a local disk said no. Of all other errors it may be: what a
// reader does not see now it may see in a moment. A no from far away is among them, be
// it "forbidden" or "too many requests": it may answer the repetition of a request
// whose own answer was lost, and whoever repeated it, an SDK or a wrapper, tells only
// the last.
func refused(err error, local bool) bool {
	unsent := []error{fs.ErrInvalid, errors.ErrUnsupported, backend.ErrReadOnly, backend.ErrLimited, backend.ErrEscapes}
	if local {
		unsent = append(unsent, fs.ErrPermission, syscall.ENOSPC)
	}
	return slices.ContainsFunc(unsent, func(no error) bool { return errors.Is(err, no) })
}

type finding int

const (
	foundUnclear finding = iota
	foundNothing
	foundOurs
	foundAnother
)

// look reads the metadata file and compares it.
func (l *CheckpointStorageLocation) look(ctx context.Context, ours content) (finding, error) {
	r, err := l.backend.Open(ctx, l.metadata.Key(), nil)
	if errors.Is(err, fs.ErrNotExist) {
		return foundNothing, nil
	}
	if err != nil {
		return foundUnclear, fmt.Errorf("reading it back: %w", err)
	}
	defer r.Close()
	digest := sha256.New()
	size, err := io.Copy(digest, r)
	if err != nil {
		return foundUnclear, fmt.Errorf("reading it back: %w", err)
	}
	if (content{size, [sha256.Size]byte(digest.Sum(nil))}) != ours {
		return foundAnother, nil
	}
	return foundOurs, nil
}

func (l *CheckpointStorageLocation) know(p publication) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.publication = p
}

func (l *CheckpointStorageLocation) known() publication {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.publication
}

// mayGo returns why the files of the location must stay.
func (l *CheckpointStorageLocation) mayGo() error {
	switch l.known().state {
	case published:
		return fmt.Errorf("%w: we completed it; it goes by DisposeStorageLocation", ErrCheckpointExists)
	case doubtful:
		return fmt.Errorf("%w; %s", ErrPublicationUnknown, adviceUnknown)
	}
	return nil
}
