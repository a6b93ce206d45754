package rest

import (
	"encoding/json"
	"math"

	"github.com/cairnstate/cairn/coordinator/statistics"
)

// Distribution says how values are spread (Flink: StatsSummaryDto).
type Distribution struct {
	Min  int64      `json:"min"`
	Max  int64      `json:"max"`
	Avg  int64      `json:"avg"`
	P50  Percentile `json:"p50"`
	P90  Percentile `json:"p90"`
	P95  Percentile `json:"p95"`
	P99  Percentile `json:"p99"`
	P999 Percentile `json:"p999"`
}

// Percentile is a number, or "NaN" if there are no values.
type Percentile float64

// MarshalJSON writes what is no number as Flink does, for JSON has none of these.
func (p Percentile) MarshalJSON() ([]byte, error) {
	if math.IsNaN(float64(p)) {
		return []byte(`"NaN"`), nil
	}
	return json.Marshal(float64(p))
}

func distribution(d statistics.Distribution) Distribution {
	if d.Count == 0 {
		none := Percentile(math.NaN())
		return Distribution{P50: none, P90: none, P95: none, P99: none, P999: none}
	}
	return Distribution{
		Min: d.Min, Max: d.Max, Avg: d.Average(),
		P50: Percentile(d.P50), P90: Percentile(d.P90), P95: Percentile(d.P95), P99: Percentile(d.P99), P999: Percentile(d.P999),
	}
}
