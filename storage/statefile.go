package storage

import (
	"context"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/storage/backend"
)

// stateFile is where a piece of state goes, however it gets there: into its handle if
// it is small, else to a file with a random name.
//
// The file is created without IfAbsent: nobody else can know its name, and the
// condition costs some stores a request.
type stateFile struct {
	backend  backend.Backend
	writing  writing
	named    Path // the file before entropy is injected; what an inline handle is called
	relative bool // so the handle tells the file
	path     Path // no path until there is to be a file
}

func newStateFile(b backend.Backend, dir Path, w writing, relative bool) stateFile {
	return stateFile{backend: b, writing: w, named: dir.Child(randomUUID()), relative: relative}
}

// place decides that there is to be a file, and returns its key.
func (f *stateFile) place() string {
	f.path = f.writing.entropy.inject(f.named)
	return f.path.Key()
}

// inline returns the handle that is the state. It keeps data.
func (f *stateFile) inline(data []byte) checkpoint.StreamStateHandle {
	return &checkpoint.ByteStreamStateHandle{HandleName: f.named.String(), Data: data}
}

// handle returns the handle on the file.
func (f *stateFile) handle(size int64) checkpoint.StreamStateHandle {
	if f.relative {
		return &checkpoint.RelativeFileStateHandle{RelativePath: f.path.Name(), Size: size}
	}
	return &checkpoint.FileStateHandle{Path: f.path.String(), Size: size}
}

// forget deletes the file after an error, which may have been made all the same. If
// the context has ended nothing may change any more, and the file is left to whoever
// disposes of the directory.
func (f *stateFile) forget(ctx context.Context) {
	if ctx.Err() == nil {
		_ = f.delete(ctx)
	}
}

func (f *stateFile) delete(ctx context.Context) error { return f.backend.Delete(ctx, f.path.Key()) }

// String tells the file that the state goes to, or would.
func (f *stateFile) String() string {
	if f.path != (Path{}) {
		return redact(f.path.String())
	}
	return redact(f.named.String())
}
