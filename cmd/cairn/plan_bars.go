package main

import (
	"math"
	"strings"
)

// bar draws a share of the whole in blocks, an eighth of a column exact. What is
// not nothing shows.
func bar(value, whole int64, width int) string {
	if value <= 0 || whole <= 0 {
		return ""
	}
	eighths := int(math.Round(float64(value) / float64(whole) * float64(width) * 8))
	eighths = min(max(eighths, 1), width*8)
	drawn := strings.Repeat("█", eighths/8)
	if rest := eighths % 8; rest > 0 {
		drawn += string([]rune("▏▎▍▌▋▊▉")[rest-1])
	}
	return drawn
}

// sparkline draws values as a row of bars, in at most width columns. One that stands
// for several values shows the largest.
func sparkline(values []int64, width int) string {
	bins := binned(values, width)
	largest := int64(0)
	for _, v := range bins {
		largest = max(largest, v)
	}
	if largest == 0 {
		return ""
	}
	levels := []rune("▁▂▃▄▅▆▇█")
	drawn := make([]rune, len(bins))
	for i, v := range bins {
		drawn[i] = levels[min(int(float64(v)/float64(largest)*float64(len(levels))), len(levels)-1)]
		if v == 0 {
			drawn[i] = ' '
		}
	}
	return string(drawn)
}

// binned returns at most width values: runs of them by their largest.
func binned(values []int64, width int) []int64 {
	size := groupSize(len(values), width)
	bins := make([]int64, 0, width)
	for from := 0; from < len(values); from += size {
		largest := values[from]
		for _, v := range values[from:min(from+size, len(values))] {
			largest = max(largest, v)
		}
		bins = append(bins, largest)
	}
	return bins
}

// groupSize returns how many of n things stand together if there is room for width.
func groupSize(n, width int) int { return max((n+width-1)/width, 1) }

// bucket is a part of a distribution: Count values from From to To.
type bucket struct {
	From, To int64
	Count    int
}

// distribution sorts values into equal parts between the smallest and the largest.
func distribution(values []int64, parts int) []bucket {
	smallest, largest := values[0], values[0]
	for _, v := range values {
		smallest, largest = min(smallest, v), max(largest, v)
	}
	if smallest == largest {
		return []bucket{{smallest, largest, len(values)}}
	}
	buckets := make([]bucket, parts)
	at := func(i int) int64 {
		return smallest + int64(float64(largest-smallest)*float64(i)/float64(parts))
	}
	for i := range buckets {
		buckets[i].From, buckets[i].To = at(i), at(i+1)
	}
	for _, v := range values {
		i := int(float64(v-smallest) / float64(largest-smallest) * float64(parts))
		buckets[min(i, parts-1)].Count++
	}
	return buckets
}
