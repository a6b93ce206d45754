package scenario

import (
	"context"
	"fmt"
	"strings"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/storage"
	"github.com/cairnstate/cairn/storage/backend"
)

// Place is where a play takes place, as one process sees it.
type Place struct {
	Registry *backend.Registry
	Base     string // the checkpoint directory: "s3://bucket/checkpoints"
	Large    int    // how many bytes the largest piece of state has

	// Inline, if not 0, is how many bytes of state the metadata holds. The largest piece
	// is there then, in many, and not in a file.
	Inline int
}

const number = 7 // of the checkpoint

func job() checkpoint.JobID { return checkpoint.JobID{0xca, 0x12, 15: 1} }

// Directory is the job's, with all that a play writes below it.
func (p Place) Directory() string { return fmt.Sprintf("%s/%s", p.Base, job()) }

// Pointer is that of the checkpoint.
func (p Place) Pointer() string { return p.pointer(number) }

func (p Place) pointer(n int) string { return fmt.Sprintf("%s/chk-%d", p.Directory(), n) }

// open returns the job's access. The caller closes the storage.
func (p Place) open(ctx context.Context) (*storage.BackendStorage, *storage.CheckpointStorageAccess, error) {
	s, err := storage.New(p.Registry, nil)
	if err != nil {
		return nil, nil, err
	}
	access, err := s.CreateCheckpointStorage(ctx, job(), p.Base, &storage.AccessOptions{
		InlineThreshold: p.threshold(), WriteBufferSize: p.threshold(), AllowVolatile: true,
	})
	if err != nil {
		s.Close()
		return nil, nil, err
	}
	return s, access, nil
}

// Keys lists what is below the job's directory.
func (p Place) Keys(ctx context.Context) ([]string, error) {
	var keys []string
	err := p.list(ctx, func(_ backend.Backend, key string) error {
		keys = append(keys, key)
		return nil
	})
	return keys, err
}

// list calls do with each key below the job's directory, and closes what it opened.
func (p Place) list(ctx context.Context, do func(backend.Backend, string) error) error {
	at, err := storage.ParsePath(p.Directory())
	if err != nil {
		return err
	}
	b, err := p.Registry.Open(ctx, backend.Root{Scheme: at.Scheme(), Authority: at.Authority()})
	if err != nil {
		return err
	}
	defer b.Close()
	for info, err := range b.List(ctx, at.Key()) {
		if err == nil {
			err = do(b, info.Key)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// isShared says whether the key is that of state that checkpoints share.
func isShared(key string) bool { return strings.Contains(key, "/shared/") }
