package configuration

import (
	"bytes"
	"errors"
	"strings"
)

// ParseFlat returns what a flink-conf.yaml says, the file of Flink before 2.0: a key, a
// colon, a blank and a value on each line, and comments from # on. It is not YAML:
// quotes are part of a value. A key that is set twice has the later value. Flink skips
// lines that it cannot read; here they are errors. name is the file's name, for errors,
// which are *Error, several of them joined.
func ParseFlat(name string, data []byte) (*Configuration, error) {
	c := &Configuration{}
	var problems []error
	number := 0
	for line := range bytes.Lines(data) {
		number++
		text, _, _ := strings.Cut(string(line), "#")
		if text = strings.TrimSpace(text); text == "" {
			continue
		}
		key, value, found := strings.Cut(text, ": ")
		key, value = strings.TrimSpace(key), strings.TrimSpace(value)
		if !found || key == "" || value == "" {
			problems = append(problems, &Error{name, number, strings.TrimSuffix(key, ":"),
				errors.New("is not of the form key: value")})
			continue
		}
		c.put(Value{key, value, name, number})
	}
	if len(problems) > 0 {
		return nil, errors.Join(problems...)
	}
	return c, nil
}
