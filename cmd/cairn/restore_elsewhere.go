package main

import (
	"context"
	"fmt"
	"regexp"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/coordinator"
	"github.com/cairnstate/cairn/storage"
)

// elsewhere is the error of state outside the allowed places, with what to do about
// it in the words of this command. Most often the checkpoint was copied, and its files
// with it: then they are looked for where the copy has them.
func (e *unreadableState) elsewhere(ctx context.Context, restored *coordinator.Restored) error {
	at := restored.Location()
	text := fmt.Sprintf("%s: its metadata names state outside the places that may be read:\n%s\n",
		at.MetadataPath(), printable(pathOf(e.handle, at.ExternalPointer())))
	if relocation, found := e.copied(ctx, restored); found {
		text += fmt.Sprintf("A file of that name lies with this checkpoint. If the checkpoint was copied, add\n"+
			"  --relocate %s=%s\notherwise one of\n", relocation.From, relocation.To)
	} else {
		text += "Its own directory may be read, and shared, taskowned and dstl beside a chk-N. Add one of\n"
	}
	return &outsideError{err: e, text: text +
		"  --relocate FROM=TO  if the files were copied, from FROM to TO\n" +
		"  --location URI      if they are where the metadata says: a directory that they are in\n" +
		"  --allow-any-path    if you trust this metadata"}
}

// outsideError says what its cause says in other words.
type outsideError struct {
	text string
	err  error
}

func (e *outsideError) Error() string { return e.text }
func (e *outsideError) Unwrap() error { return e.err }

// copied returns the relocation under which the file of the state is found beside the
// checkpoint.
func (e *unreadableState) copied(ctx context.Context, restored *coordinator.Restored) (storage.Relocation, bool) {
	dir := restored.Location().ExternalPointer()
	file, err := storage.ParsePath(pathOf(e.handle, dir))
	if err != nil {
		return storage.Relocation{}, false
	}
	here, err := storage.ParsePath(dir)
	if err != nil {
		return storage.Relocation{}, false
	}
	for _, moved := range relocations(file, here) {
		handle := movedHandle(e.handle, moved.to.Child(moved.below).String())
		r, err := restored.Open(ctx, handle)
		if err != nil {
			continue
		}
		_ = r.Close()
		return storage.Relocation{From: moved.from.String(), To: moved.to.String()}, plain(moved.from) && plain(moved.to)
	}
	return storage.Relocation{}, false
}

// moved is a directory that may have been copied, with the file below it.
type moved struct {
	from, to storage.Path
	below    string
}

// relocations returns what may have been copied to where the checkpoint is: its job's
// directory, which holds what its checkpoints share, or the checkpoint alone.
func relocations(file, here storage.Path) []moved {
	var all []moved
	dir, ok := file.Parent()
	if !ok {
		return nil
	}
	job, ok := dir.Parent()
	if _, isCheckpoint := storage.CheckpointNumber(here.Name()); ok && isCheckpoint {
		if jobHere, ok := here.Parent(); ok {
			all = append(all, moved{job, jobHere, dir.Name() + "/" + file.Name()})
		}
	}
	return append(all, moved{dir, here, file.Name()})
}

// movedHandle returns the handle of the same state at another path.
func movedHandle(handle checkpoint.StreamStateHandle, path string) checkpoint.StreamStateHandle {
	switch h := handle.(type) {
	case *checkpoint.FileStateHandle:
		there := *h
		there.Path = path
		return &there
	case *checkpoint.SegmentFileStateHandle:
		there := *h
		there.PhysicalPath = path
		return &there
	}
	return handle // has no path of its own, and is refused as before
}

var plainPath = regexp.MustCompile(`^[\w./:@%+,-]+$`)

// plain reports whether the path may stand in a command line that people copy: what
// metadata says must not become a command, nor an equals sign end FROM.
func plain(p storage.Path) bool { return plainPath.MatchString(p.String()) }
