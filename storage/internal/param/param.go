// Package param reads the parameters of a backend's root the way every backend
// must: what it does not know is a mistake of the user and never a silence, and
// no value is repeated in an error, since it may be a secret in the wrong place.
//
//	known := param.Known{"endpoint", "region"}
//	values, err := known.Read(root.Params)
package param

import (
	"errors"
	"fmt"
	"maps"
	"math"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// Known are the names of the parameters that a backend has.
type Known []string

// Values are parameters whose names are known, each given once.
type Values map[string]string

// Read refuses a name that is not known and one that is given twice.
func (k Known) Read(params url.Values) (Values, error) {
	values := make(Values, len(params))
	for _, name := range slices.Sorted(maps.Keys(params)) {
		switch given := params[name]; {
		case !slices.Contains(k, name):
			return nil, fmt.Errorf("unknown parameter %q (known: %s)", name, strings.Join(k, ", "))
		case len(given) != 1:
			return nil, fmt.Errorf("parameter %q is given %d times", name, len(given))
		default:
			values[name] = given[0]
		}
	}
	return values, nil
}

// Bool returns the value of a switch, or nil if it is not given.
func (v Values) Bool(name string) (*bool, error) {
	text, given := v[name]
	if !given {
		return nil, nil
	}
	value, err := strconv.ParseBool(text)
	if err != nil {
		return nil, fmt.Errorf("parameter %q is true or false", name)
	}
	return &value, nil
}

// Choice returns a value out of a few, or "" if it is not given.
func (v Values) Choice(name string, choices ...string) (string, error) {
	value, given := v[name]
	if given && !slices.Contains(choices, value) {
		return "", fmt.Errorf("parameter %q is one of %s", name, strings.Join(choices, ", "))
	}
	return value, nil
}

// Count returns a number that is at least 1, or 0 if it is not given.
func (v Values) Count(name string) (int, error) {
	text, given := v[name]
	if !given {
		return 0, nil
	}
	value, err := strconv.Atoi(text)
	if err != nil || value < 1 {
		return 0, fmt.Errorf("parameter %q is a number from 1 up", name)
	}
	return value, nil
}

// Bytes returns a size such as 8MiB, in bytes, or 0 if it is not given.
func (v Values) Bytes(name string) (int, error) {
	text, given := v[name]
	if !given {
		return 0, nil
	}
	digits, unit := strings.TrimRight(text, "KMGiB"), 1
	switch text[len(digits):] {
	case "":
	case "KiB":
		unit = 1 << 10
	case "MiB":
		unit = 1 << 20
	case "GiB":
		unit = 1 << 30
	default:
		digits = ""
	}
	value, err := strconv.Atoi(digits)
	if err != nil || value < 1 || value > math.MaxInt/unit {
		return 0, fmt.Errorf("parameter %q is a size such as 8388608 or 8MiB", name)
	}
	return value * unit, nil
}

// Endpoint returns the address of a server without a slash at its end, or "" if
// it is not given.
func (v Values) Endpoint(name string) (string, error) {
	text, given := v[name]
	if !given {
		return "", nil
	}
	if err := CheckEndpoint(text); err != nil {
		return "", fmt.Errorf("parameter %q: %w", name, err)
	}
	return strings.TrimRight(text, "/"), nil
}

var (
	errEndpoint = errors.New("an endpoint is http://host:port or https://host:port, a path may follow")
	errUserInfo = errors.New("an endpoint holds no user or password: credentials have their own places")
)

// CheckEndpoint refuses what is no address of a server, and one with a password
// in it, which would end up in every error that names the endpoint.
func CheckEndpoint(text string) error {
	u, err := url.Parse(text)
	switch {
	case err != nil: // its text repeats the address
		return errEndpoint
	case u.User != nil:
		return errUserInfo
	case u.Scheme != "http" && u.Scheme != "https", u.Hostname() == "", u.RawQuery != "", u.ForceQuery, u.Fragment != "":
		return errEndpoint
	}
	return nil
}
