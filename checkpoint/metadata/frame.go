package metadata

import (
	"errors"
	"io"
)

func decode(data []byte, opts DecodeOptions) (*File, error) {
	return nil, errors.New("coming within the hour")
}
func readAll(r io.Reader, size int64) ([]byte, error) { return io.ReadAll(r) }
func appendFile(dst []byte, f *File, opts EncodeOptions) ([]byte, error) {
	return dst, errors.New("coming within the hour")
}
func writeFile(w io.Writer, f *File, opts EncodeOptions) error {
	return errors.New("coming within the hour")
}
