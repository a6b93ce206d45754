package dump

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// Parse reads what the oracle printed.
func Parse(line []byte) (map[string]any, error) {
	decoder := json.NewDecoder(bytes.NewReader(line))
	decoder.UseNumber() // a float64 would make long offsets equal that are not
	var o object
	if err := decoder.Decode(&o); err != nil {
		return nil, fmt.Errorf("the oracle's answer %.200q: %w", line, err)
	}
	return exact(o).(object), nil
}

func exact(v any) any {
	switch v := v.(type) {
	case object:
		for key := range v {
			v[key] = exact(v[key])
		}
	case list:
		for i := range v {
			v[i] = exact(v[i])
		}
	case json.Number:
		n, err := v.Int64()
		if err != nil {
			return string(v) // which equals no number, and so shows
		}
		return n
	}
	return v
}
