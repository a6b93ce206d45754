package configuration

import (
	"fmt"
	"maps"
	"slices"
)

// Configuration is a set of keys with values, each of which knows where it was set
// (Flink: class of the same name). The zero value is empty and ready to use. It may
// be read concurrently while nobody calls Set.
type Configuration struct {
	values map[string]Value
}

// Value is what a key is set to.
type Value struct {
	Key  string // under which it was set: a former name, perhaps
	Text string
	File string // empty if a program set it
	Line int    // from 1; 0 if a program set it
}

// Of returns a configuration of keys and values that a program sets.
func Of(values map[string]string) *Configuration {
	c := &Configuration{}
	for key, text := range values {
		c.Set(key, text)
	}
	return c
}

// Set sets a key, in place of what it was set to.
func (c *Configuration) Set(key, text string) { c.put(Value{Key: key, Text: text}) }

func (c *Configuration) put(v Value) {
	if c.values == nil {
		c.values = map[string]Value{}
	}
	c.values[v.Key] = v
}

// Lookup returns the value of a key, else that of the first of its former names that
// is set.
func (c *Configuration) Lookup(key string, former ...string) (v Value, ok bool) {
	if v, ok = c.values[key]; ok {
		return v, true
	}
	for _, name := range former {
		if v, ok = c.values[name]; ok {
			return v, true
		}
	}
	return Value{}, false
}

// Keys returns the keys that are set, sorted.
func (c *Configuration) Keys() []string { return slices.Sorted(maps.Keys(c.values)) }

// Error is one thing that is wrong with a configuration, and where.
type Error struct {
	File string // empty if a program set the value
	Line int    // from 1; 0 if a program set the value, or the file as a whole is meant
	Key  string // empty where the file cannot be read at all
	Err  error
}

// Error reads as compilers do: config.yaml:12: execution.checkpointing.interval: …
func (e *Error) Error() string {
	at := "configuration"
	if e.File != "" {
		at = e.File
	}
	if e.Line > 0 {
		at = fmt.Sprintf("%s:%d", at, e.Line)
	}
	if e.Key == "" {
		return fmt.Sprintf("%s: %s", at, e.Err)
	}
	return fmt.Sprintf("%s: %s: %s", at, e.Key, e.Err)
}

// Unwrap returns the reason.
func (e *Error) Unwrap() error { return e.Err }

// Wrong returns an Error that says what is wrong with the value.
func (v Value) Wrong(err error) error { return &Error{v.File, v.Line, v.Key, err} }
