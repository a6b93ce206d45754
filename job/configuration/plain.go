package configuration

import (
	"math/big"
	"regexp"
	"strings"
)

var coreInt = regexp.MustCompile(`^(?:[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+)$`)

// plain returns what a scalar without quotes is in YAML's core schema, as text: 007 and
// 0x7 are 7, True is true. Floats stay as they are written, for no option takes one.
func plain(text string) string {
	switch {
	case text == "True", text == "TRUE", text == "False", text == "FALSE":
		return strings.ToLower(text)
	case coreInt.MatchString(text):
		return integer(text)
	}
	return text
}

func integer(text string) string {
	base, digits := 10, text
	switch {
	case strings.HasPrefix(text, "0o"):
		base, digits = 8, text[2:]
	case strings.HasPrefix(text, "0x"):
		base, digits = 16, text[2:]
	}
	n, ok := new(big.Int).SetString(digits, base)
	if !ok {
		return text
	}
	return n.String()
}
