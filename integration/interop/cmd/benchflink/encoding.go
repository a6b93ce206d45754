package main

import (
	"io"
	"os"

	"github.com/cairnstate/cairn/checkpoint/metadata"
)

// encoding is a discipline in which a value from somewhere is encoded to somewhere.
func encoding(
	from func(file string) (*metadata.File, error), to func(f *metadata.File, file string) func() (any, error),
) func(string) (func() (any, error), error) {
	return func(file string) (func() (any, error), error) {
		f, err := from(file)
		if err != nil {
			return nil, err
		}
		return to(f, file), nil
	}
}

func toNowhere(f *metadata.File, _ string) func() (any, error) {
	return func() (any, error) { return nil, metadata.Write(io.Discard, f, nil) }
}

func toNewMemory(f *metadata.File, _ string) func() (any, error) {
	return func() (any, error) { return metadata.Encode(f, nil) }
}

// toOldMemory encodes into memory that is there, again and again.
func toOldMemory(f *metadata.File, _ string) func() (any, error) {
	memory, failed := metadata.Encode(f, nil)
	return func() (any, error) {
		if failed != nil {
			return nil, failed
		}
		return metadata.Append(memory[:0], f, nil)
	}
}

func toFile(f *metadata.File, beside string) func() (any, error) {
	return func() (any, error) { return nil, writeFile(beside+"-by-cairn", f) }
}

func writeFile(name string, f *metadata.File) error {
	file, err := os.Create(name)
	if err != nil {
		return err
	}
	if err := metadata.Write(file, f, nil); err != nil {
		file.Close()
		return err
	}
	return file.Close()
}
