package main

import (
	"os"

	"github.com/cairnstate/cairn/checkpoint/metadata"
)

// discipline is one thing that is timed. prepare does what is not, and returns
// what cairn then does in each iteration; Flink's part is in the oracle, by name.
type discipline struct {
	name    string
	prepare func(file string) (func() (any, error), error)
}

var disciplines = []discipline{
	{"decode", prepareDecode},
	{"encode", prepareEncode},
	{"append", prepareAppend},
	{"file", prepareFile},
}

func prepareDecode(file string) (func() (any, error), error) {
	data, err := os.ReadFile(file)
	return func() (any, error) { return metadata.Decode(data, nil) }, err
}

func prepareEncode(file string) (func() (any, error), error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	decoded, err := metadata.Decode(data, nil)
	return func() (any, error) { return metadata.Encode(decoded, nil) }, err
}

// prepareAppend encodes into memory that is there, again and again.
func prepareAppend(file string) (func() (any, error), error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	decoded, err := metadata.Decode(data, nil)
	buffer := make([]byte, 0, len(data))
	return func() (any, error) { return metadata.Append(buffer[:0], decoded, nil) }, err
}

func prepareFile(file string) (func() (any, error), error) {
	return func() (any, error) { return readFile(file) }, nil
}

func readFile(name string) (*metadata.File, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return nil, err
	}
	return metadata.Read(file, info.Size(), nil)
}
