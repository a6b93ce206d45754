package storagetest

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	"github.com/cairnstate/cairn/storage/backend"
)

// ReadingChecks returns what can be asked of a store without writing to it: they
// read what is there below [Options.Below], some of it, and change nothing.
func ReadingChecks() []Check {
	return []Check{
		{Topic: "objects", Name: "what is absent is fs.ErrNotExist", run: absentIsNotExist, reads: true},
		{Topic: "objects", Name: "what is listed can be read", run: listedIsRead, reads: true},
		{Topic: "reading", Name: "ranges are parts of the whole", run: rangesAreParts, reads: true},
		{Topic: "reading", Name: "a download is the object", run: downloadIsRead, reads: true},
		{Topic: "versions", Name: "a version is told by all verbs, and opens", run: versionOpens, reads: true},
		{Topic: "listing", Name: "listing is in the order of bytes", run: listedInOrder, reads: true},
		{Topic: cancellation, Name: "a context that ends ends the listing", run: cancelListingExisting, reads: true},
	}
}

const (
	mostListed = 3000    // keys of a listing that is gone through
	mostRead   = 1 << 20 // bytes of an object that is read whole
	samples    = 5
)

var errNothingThere = notPromised("there is nothing to read: name a directory that holds objects")

// sample returns some objects that are small enough to be read.
func (s *subject) sample() ([]backend.Info, error) {
	var found []backend.Info
	seen := 0
	for info, err := range s.backend.List(s.ctx, s.dir) {
		if err != nil {
			return nil, err
		}
		if seen++; info.Size <= mostRead {
			found = append(found, info)
		}
		if len(found) == samples || seen == mostListed {
			break
		}
	}
	if len(found) == 0 {
		return nil, errNothingThere
	}
	return found, nil
}

// whole reads an object of the sample.
func (s *subject) whole(key string, opts *backend.OpenOptions) ([]byte, backend.Info, error) {
	r, err := s.backend.Open(s.ctx, key, opts)
	if err != nil {
		return nil, backend.Info{}, err
	}
	defer r.Close()
	data, err := io.ReadAll(r)
	return data, r.Info(), err
}

// eachSample does something with each object of the sample and what is in it.
func (s *subject) eachSample(do func(listed backend.Info, data []byte) error) error {
	found, err := s.sample()
	if err != nil {
		return err
	}
	for _, info := range found {
		data, _, err := s.whole(info.Key, nil)
		if err == nil {
			err = do(info, data)
		}
		if err != nil {
			return fmt.Errorf("%q: %w", info.Key, err)
		}
	}
	return nil
}

func listedIsRead(s *subject) error {
	return s.eachSample(func(listed backend.Info, data []byte) error {
		info, err := s.backend.Stat(s.ctx, listed.Key)
		if err == nil {
			err = expectInfo("Stat", info, listed.Key, len(data))
		}
		if err == nil {
			err = expectInfo("List", listed, listed.Key, len(data))
		}
		return err
	})
}

func rangesAreParts(s *subject) error {
	return s.eachSample(func(listed backend.Info, data []byte) error {
		size := len(data)
		for _, r := range []struct{ offset, length int }{{0, 1}, {size / 2, size}, {size, 1}, {size + 1, 1}} {
			got, _, err := s.whole(listed.Key, &backend.OpenOptions{Offset: int64(r.offset), Length: int64(r.length)})
			want := data[min(r.offset, size):min(r.offset+r.length, size)]
			if err != nil || !bytes.Equal(got, want) {
				return fmt.Errorf("offset %d, length %d: got %s, %s; want %s", r.offset, r.length, brief(got), told(err), brief(want))
			}
		}
		return nil
	})
}

func downloadIsRead(s *subject) error {
	return s.eachSample(func(listed backend.Info, data []byte) error {
		var got sink
		if _, err := backend.Download(s.ctx, s.backend, listed.Key, nil, &got); err != nil {
			return err
		}
		if !bytes.Equal(got.data, data) {
			return fmt.Errorf("a download has %s, a reader %s", brief(got.data), brief(data))
		}
		return nil
	})
}

func versionOpens(s *subject) error {
	return s.eachSample(func(listed backend.Info, data []byte) error {
		if listed.Version == "" {
			return errNoVersions
		}
		got, info, err := s.whole(listed.Key, &backend.OpenOptions{Version: listed.Version})
		if err == nil && (info.Version != listed.Version || !bytes.Equal(got, data)) {
			err = fmt.Errorf("version %q opens version %q", listed.Version, info.Version)
		}
		return err
	})
}

func listedInOrder(s *subject) error {
	last, seen := "", 0
	for info, err := range s.backend.List(s.ctx, s.dir) {
		if err != nil {
			return err
		}
		if strings.Compare(info.Key, last) <= 0 {
			return fmt.Errorf("listing shows %q after %q", info.Key, last)
		}
		last = info.Key
		if seen++; seen == mostListed {
			break
		}
	}
	if seen == 0 {
		return errNothingThere
	}
	return nil
}

// cancelListingExisting lets the context end at the first object: then the rest
// may still come, or an error.
func cancelListingExisting(s *subject) error {
	all, err := s.list("")
	if err != nil {
		return err
	}
	if len(all) == 0 {
		return errNothingThere
	}
	count, err := s.cancelListing(1)
	if err == nil && count < len(all) {
		err = fmt.Errorf("listing ends after %d of %d objects without an error, although its context ended", count, len(all))
	}
	return without(err)
}
