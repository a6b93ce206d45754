package metadata

import (
	"bytes"
	"fmt"
	"io"
)

// readAll reads r to its end, without copying if the size is right.
func readAll(r io.Reader, size int64) ([]byte, error) {
	if size < 0 {
		data, err := io.ReadAll(r)
		if err != nil {
			return nil, fmt.Errorf("metadata: read: %w", err)
		}
		return data, nil
	}
	// bytes.MinRead of room lets ReadFrom see the end without growing.
	buf := bytes.NewBuffer(make([]byte, 0, size+bytes.MinRead))
	if _, err := buf.ReadFrom(r); err != nil {
		return nil, fmt.Errorf("metadata: read: after %d of %d bytes: %w", buf.Len(), size, err)
	}
	return buf.Bytes(), nil
}
