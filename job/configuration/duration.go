package configuration

import (
	"errors"
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"
)

var durationUnits = []struct {
	unit   time.Duration
	labels string
}{
	{24 * time.Hour, "d day days"},
	{time.Hour, "h hour hours"},
	{time.Minute, "min m minute minutes"},
	{time.Second, "s sec secs second seconds"},
	{time.Millisecond, "ms milli millis millisecond milliseconds"},
	{time.Microsecond, "µs micro micros microsecond microseconds"},
	{time.Nanosecond, "ns nano nanos nanosecond nanoseconds"},
}

// ParseDuration reads a duration as Flink writes it: a whole number and a unit, as in
// "3 min", "500ms" or "2 days", milliseconds where there is no unit; or in the form of
// ISO 8601, as in "PT1M30S". It is not negative and at most 292 years, which is all
// that a time.Duration holds; Flink's own go further.
func ParseDuration(text string) (time.Duration, error) {
	text = strings.TrimSpace(text)
	digits, label := splitNumber(text)
	if digits == "" {
		return parseISO(text)
	}
	unit, known := durationUnit(strings.ToLower(label))
	if !known {
		return 0, fmt.Errorf("%q: %q is no unit of time; write d, h, min, s, ms, µs or ns", text, label)
	}
	n, err := strconv.ParseInt(digits, 10, 64)
	if err != nil || n > math.MaxInt64/int64(unit) {
		return 0, fmt.Errorf("%q is longer than 292 years", text)
	}
	return time.Duration(n) * unit, nil
}

func durationUnit(label string) (time.Duration, bool) {
	if label == "" {
		return time.Millisecond, true
	}
	for _, u := range durationUnits {
		for name := range strings.FieldsSeq(u.labels) {
			if name == label {
				return u.unit, true
			}
		}
	}
	return 0, false
}

// splitNumber splits a text into its first digits and what follows.
func splitNumber(text string) (digits, rest string) {
	end := 0
	for end < len(text) && text[end] >= '0' && text[end] <= '9' {
		end++
	}
	return text[:end], strings.TrimSpace(text[end:])
}

var iso = regexp.MustCompile(`^(?i)P(?:([+-]?\d+)D)?(?:T(?:([+-]?\d+)H)?(?:([+-]?\d+)M)?(?:([+-]?\d+)(?:[.,](\d{0,9}))?S)?)?$`)

// errNoDuration is wrapped with the text.
var errNoDuration = errors.New("is no duration; write it as 3 min, 500 ms or PT1M30S")

func parseISO(text string) (time.Duration, error) {
	parts := iso.FindStringSubmatch(text)
	if parts == nil || strings.HasSuffix(strings.ToUpper(text), "T") || len(text) < 3 {
		return 0, fmt.Errorf("%q %w", text, errNoDuration)
	}
	var sum float64 // only to notice what is too long
	var total time.Duration
	for i, unit := range []time.Duration{24 * time.Hour, time.Hour, time.Minute, time.Second} {
		if parts[i+1] == "" {
			continue
		}
		n, err := strconv.ParseInt(parts[i+1], 10, 64)
		sum += math.Abs(float64(n)) * float64(unit)
		if err != nil || sum > math.MaxInt64/2 {
			return 0, fmt.Errorf("%q is too long", text)
		}
		total += time.Duration(n) * unit
	}
	fraction, _ := strconv.ParseInt((parts[5] + "000000000")[:9], 10, 64)
	if strings.HasPrefix(parts[4], "-") {
		fraction = -fraction
	}
	if total += time.Duration(fraction); total < 0 {
		return 0, fmt.Errorf("%q is negative", text)
	}
	return total, nil
}

// FormatDuration writes a duration as Flink would: "10 min", "1500 ms". ParseDuration
// reads it.
func FormatDuration(d time.Duration) string {
	for _, u := range durationUnits {
		if d%u.unit == 0 && d != 0 {
			return fmt.Sprintf("%d %s", d/u.unit, strings.Fields(u.labels)[0])
		}
	}
	return fmt.Sprintf("%d ms", d.Milliseconds())
}
