package storage

import (
	"fmt"
	"iter"
	"strings"

	"github.com/cairnstate/cairn/storage/backend"
)

// spare yields the keys of what may be deleted below dir: all but other completed
// checkpoints. One in dir itself was completed while we were deleting, and ends it.
// One further down is somebody's who put it there; what lies beside it is spared.
func spare(objects iter.Seq2[backend.Info, error], dir string) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		var held subdirectory
		for info, err := range objects {
			below := strings.TrimPrefix(info.Key, dir+"/")
			name, _, nested := strings.Cut(below, "/")
			switch {
			case err != nil:
				yield("", err)
				return
			case below == MetadataFileName:
				yield("", fmt.Errorf("%w; %s", ErrCheckpointExists, adviceExists))
				return
			case (!nested || name != held.name) && !held.release(yield):
				return
			case nested:
				held.add(name, info.Key)
			case !yield(info.Key, nil):
				return
			}
		}
		held.release(yield)
	}
}

// subdirectory holds the keys of a directory below until it is known whether a
// checkpoint is among them. Listings have them together.
type subdirectory struct {
	name   string
	keys   []string
	spared bool
}

func (d *subdirectory) add(name, key string) {
	d.name = name
	d.keys = append(d.keys, key)
	d.spared = d.spared || strings.HasSuffix(key, "/"+MetadataFileName)
}

func (d *subdirectory) release(yield func(string, error) bool) bool {
	held := *d
	*d = subdirectory{}
	if held.spared {
		return true
	}
	for _, key := range held.keys {
		if !yield(key, nil) {
			return false
		}
	}
	return true
}
