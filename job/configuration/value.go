package configuration

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Duration returns the value as a duration; see ParseDuration.
func (v Value) Duration() (time.Duration, error) {
	d, err := ParseDuration(v.Text)
	return d, v.wrong(err)
}

// Bytes returns the value as a number of bytes; see ParseMemorySize.
func (v Value) Bytes() (int64, error) {
	n, err := ParseMemorySize(v.Text)
	return n, v.wrong(err)
}

// Int returns the value as a whole number of 32 bits.
func (v Value) Int() (int32, error) {
	n, err := strconv.ParseInt(v.Text, 10, 32)
	return int32(n), v.wrong(number(v.Text, err))
}

// Long returns the value as a whole number of 64 bits.
func (v Value) Long() (int64, error) {
	n, err := strconv.ParseInt(v.Text, 10, 64)
	return n, v.wrong(number(v.Text, err))
}

// Bool returns the value as true or false, in upper or lower case.
func (v Value) Bool() (bool, error) {
	switch {
	case strings.EqualFold(v.Text, "true"):
		return true, nil
	case strings.EqualFold(v.Text, "false"):
		return false, nil
	}
	return false, v.Wrong(fmt.Errorf("%q is neither true nor false", v.Text))
}

// OneOf returns the index of the name, in upper or lower case, that the value is.
func (v Value) OneOf(names ...string) (int, error) {
	for i, name := range names {
		if strings.EqualFold(v.Text, name) {
			return i, nil
		}
	}
	return 0, v.Wrong(fmt.Errorf("%q is none of %s", v.Text, strings.Join(names, ", ")))
}

func (v Value) wrong(err error) error {
	if err == nil {
		return nil
	}
	return v.Wrong(err)
}

func number(text string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%q is no whole number that fits", text)
}
