package statistics

import "slices"

// Distribution says how values are spread (Flink: StatsSummary). All is zero if there
// are none.
type Distribution struct {
	Count, Min, Max, Sum     int64
	P50, P90, P95, P99, P999 float64
}

// Average returns the mean, rounded down; 0 if there are no values.
func (d Distribution) Average() int64 {
	if d.Count == 0 {
		return 0
	}
	return d.Sum / d.Count
}

// add counts one more value. Percentiles are not its business.
func (d *Distribution) add(value int64) {
	if d.Count == 0 {
		d.Min, d.Max = value, value
	}
	d.Min, d.Max = min(d.Min, value), max(d.Max, value)
	d.Count++
	d.Sum += value
}

func (d *Distribution) rank(sorted []int64) {
	d.P50, d.P90, d.P95 = percentile(sorted, 50), percentile(sorted, 90), percentile(sorted, 95)
	d.P99, d.P999 = percentile(sorted, 99), percentile(sorted, 99.9)
}

// percentile is that of Apache Commons Math, which Flink takes: the place is p/100 of
// the way to the value after the last, and a place between two values is between them.
func percentile(sorted []int64, p float64) float64 {
	place := p / 100 * float64(len(sorted)+1)
	below := int(place)
	switch {
	case len(sorted) == 0:
		return 0
	case below < 1:
		return float64(sorted[0])
	case below >= len(sorted):
		return float64(sorted[len(sorted)-1])
	}
	lower, upper := float64(sorted[below-1]), float64(sorted[below])
	return lower + (place-float64(below))*(upper-lower)
}

// window is a distribution whose percentiles are those of the latest values alone
// (Flink: DescriptiveStatisticsHistogram), lest it grows.
type window struct {
	all    Distribution
	latest []int64 // a ring
	oldest int     // where the next value goes, once the ring is full
	sorted []int64 // the same values
}

// windowSize is Flink's: 80 kB twice, if a job lives so long.
const windowSize = 10_000

func (w *window) add(value int64) {
	w.all.add(value)
	if len(w.latest) < windowSize {
		w.latest = append(w.latest, value)
	} else {
		gone, _ := slices.BinarySearch(w.sorted, w.latest[w.oldest])
		w.sorted = slices.Delete(w.sorted, gone, gone+1)
		w.latest[w.oldest] = value
		w.oldest = (w.oldest + 1) % windowSize
	}
	at, _ := slices.BinarySearch(w.sorted, value)
	w.sorted = slices.Insert(w.sorted, at, value)
}

func (w *window) distribution() Distribution {
	d := w.all
	d.rank(w.sorted)
	return d
}
