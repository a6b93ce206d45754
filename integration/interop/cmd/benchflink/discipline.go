package main

import (
	"os"

	"github.com/cairnstate/cairn/checkpoint/metadata"
)

// discipline is one thing that is timed. prepare does what is not, and returns
// what cairn then does in each iteration; Flink's part is in the oracle, by name.
type discipline struct {
	name    string
	flink   string
	prepare func(file string) (func() (any, error), error)
}

var disciplines = []discipline{
	{"decode", "decode", prepareDecode},
	{"write", "write", encoding(decoded, toNowhere)},
	{"write made", "write", encoding(made, toNowhere)},
	{"append", "append", encoding(decoded, toOldMemory)},
	{"append made", "append", encoding(made, toOldMemory)},
	{"encode", "encode", encoding(decoded, toNewMemory)},
	{"encode made", "encode", encoding(made, toNewMemory)},
	{"store", "store", encoding(decoded, toFile)},
	{"store made", "store", encoding(made, toFile)},
	{"file", "file", prepareFile},
}

func prepareDecode(file string) (func() (any, error), error) {
	data, err := os.ReadFile(file)
	return func() (any, error) { return metadata.Decode(data, nil) }, err
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
