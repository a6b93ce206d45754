package jobgraph

import (
	"encoding/json"
	"io"
)

// decoder reads answers, and refuses fields that nobody would compare.
func decoder(from io.Reader) *json.Decoder {
	d := json.NewDecoder(from)
	d.DisallowUnknownFields()
	return d
}
