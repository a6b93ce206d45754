package durable

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// idSet is ids in ascending order, each once. Its text has runs as ranges: "3 7-9 12".
type idSet []int64

// with returns the set with the id, and of more than most the highest.
func (s idSet) with(id int64, most int) idSet {
	at, known := slices.BinarySearch(s, id)
	if known {
		return s
	}
	more := slices.Insert(slices.Clone(s), at, id)
	return more[max(0, len(more)-most):]
}

func (s idSet) without(id int64) idSet {
	at, known := slices.BinarySearch(s, id)
	if !known {
		return s
	}
	return slices.Delete(slices.Clone(s), at, at+1)
}

// MarshalText writes the ranges.
func (s idSet) MarshalText() ([]byte, error) {
	var ranges []string
	for i := 0; i < len(s); {
		first := s[i]
		for i++; i < len(s) && s[i] == s[i-1]+1; i++ {
		}
		text := strconv.FormatInt(first, 10)
		if last := s[i-1]; last > first {
			text += "-" + strconv.FormatInt(last, 10)
		}
		ranges = append(ranges, text)
	}
	return []byte(strings.Join(ranges, " ")), nil
}

// UnmarshalText reads what MarshalText writes, and no more ids than that.
func (s *idSet) UnmarshalText(text []byte) error {
	*s = nil
	for part := range strings.FieldsSeq(string(text)) {
		low, high, isRange := strings.Cut(part, "-")
		if !isRange {
			high = low
		}
		first, err := strconv.ParseInt(low, 10, 64)
		if err != nil {
			return err
		}
		last, err := strconv.ParseInt(high, 10, 64)
		if err != nil {
			return err
		}
		if last < first || last-first >= int64(mostGivenUp-len(*s)) || len(*s) > 0 && first <= (*s)[len(*s)-1] {
			return fmt.Errorf("ids %q are not in order, or more than %d", part, mostGivenUp)
		}
		for id := first; id <= last; id++ {
			*s = append(*s, id)
		}
	}
	return nil
}
