package retry

import (
	"context"

	"github.com/cairnstate/cairn/storage/backend"
)

// Swap is tried again if the object is still the old one. That another try says it
// changed may be the work of the one before.
func (b *retrying) Swap(ctx context.Context, key, old string, data []byte) (string, error) {
	p, doubt := b.patience(ctx, "swap", key), false
	for {
		a := b.attempt(ctx)
		version, err := b.Through.Swap(a.ctx, key, old, data)
		err = a.told("swap", key, err)
		a.close()
		if err == nil || !inDoubt(err, doubt, backend.ErrChanged) {
			return version, err
		}
		doubt = true
		if passing(err) {
			if err := p.again(err); err != nil {
				return "", err
			}
		}
		if version, settled, err := b.swapped(ctx, key, old, data); settled {
			return version, err
		}
	}
}

// swapped says whether it is settled what became of a swap: it was made, or another
// was. If not, the object is the old one.
func (b *retrying) swapped(ctx context.Context, key, old string, data []byte) (version string, settled bool, err error) {
	want := new(content)
	_, _ = want.Write(data) // a hash takes all
	is, info, err := b.find(ctx, key, want)
	switch {
	case err != nil:
		return "", true, err
	case info.Version == old: // of what is not there too
		return "", false, nil
	case is == ours:
		return info.Version, true, nil
	}
	return "", true, &backend.Error{Backend: "retry", Op: "swap", Key: key, Err: backend.ErrChanged}
}
