package configuration

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

var memoryUnits = []struct {
	shift  uint
	labels []string
}{
	{0, []string{"", "bytes", "b"}},
	{10, []string{"kb", "k", "kibibytes"}},
	{20, []string{"mb", "m", "mebibytes"}},
	{30, []string{"gb", "g", "gibibytes"}},
	{40, []string{"tb", "t", "tebibytes"}},
}

// ParseMemorySize reads a size in bytes as Flink writes it: a whole number and a unit,
// as in "20 kb", "1mb" or "4096". All units are powers of 1024, kb too.
func ParseMemorySize(text string) (int64, error) {
	digits, label := splitNumber(strings.TrimSpace(text))
	if digits == "" {
		return 0, fmt.Errorf("%q is no size; write it as 20 kb or 1 mb", text)
	}
	n, err := strconv.ParseInt(digits, 10, 64)
	for _, u := range memoryUnits {
		if !slices.Contains(u.labels, strings.ToLower(label)) {
			continue
		}
		if err != nil || n > math.MaxInt64>>u.shift {
			return 0, fmt.Errorf("%q is more bytes than 64 bits count", text)
		}
		return n << u.shift, nil
	}
	return 0, fmt.Errorf("%q: %q is no unit of memory; write b, kb, mb, gb or tb", text, label)
}

// FormatMemorySize writes a size as Flink would: "20 kb". ParseMemorySize reads it.
func FormatMemorySize(n int64) string {
	for _, u := range slices.Backward(memoryUnits[1:]) {
		if n != 0 && n&(1<<u.shift-1) == 0 {
			return fmt.Sprintf("%d %s", n>>u.shift, u.labels[0])
		}
	}
	return fmt.Sprintf("%d bytes", n)
}
