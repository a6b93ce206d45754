package meter

import (
	"context"
	"errors"
	"fmt"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"

	"github.com/cairnstate/cairn/coordinator/statistics"
)

// Register makes the instruments with the meter, and has them read the statistics of
// one job: now is a coordinator's Statistics, or a tracker's Snapshot, and is called by
// whoever collects. The attributes are on every metric; the job's name is a good one
// where there are several. The error is the meter's. Unregistering ends it.
func Register(meter metric.Meter, now func() statistics.Snapshot, attributes ...attribute.KeyValue) (metric.Registration, error) {
	instruments := make([]metric.Observable, len(rows()))
	failed := make([]error, len(rows()))
	for i, row := range rows() {
		instruments[i], failed[i] = row.instrument(meter)
	}
	if err := errors.Join(failed...); err != nil {
		return nil, fmt.Errorf("meter of checkpoints: %w", err)
	}
	with := metric.WithAttributeSet(attribute.NewSet(attributes...))
	return meter.RegisterCallback(func(_ context.Context, o metric.Observer) error {
		snapshot := now()
		for i, row := range rows() {
			row.observe(o, instruments[i], &snapshot, with)
		}
		return nil
	}, instruments...)
}

func (r *row) instrument(meter metric.Meter) (metric.Observable, error) {
	describe := metric.WithDescription(r.description)
	switch r.kind {
	case counter:
		return meter.Int64ObservableCounter(r.name, describe)
	case upDown:
		return meter.Int64ObservableUpDownCounter(r.name, describe)
	case seconds:
		return meter.Float64ObservableGauge(r.name, describe, metric.WithUnit("s"))
	case bytes:
		return meter.Int64ObservableGauge(r.name, describe, metric.WithUnit("By"))
	}
	return meter.Int64ObservableGauge(r.name, describe)
}

// observe leaves out what is not known yet.
func (r *row) observe(o metric.Observer, instrument metric.Observable, now *statistics.Snapshot, with metric.ObserveOption) {
	value, known := r.value(now)
	switch i := instrument.(type) {
	case metric.Int64Observable:
		if known {
			o.ObserveInt64(i, value, with)
		}
	case metric.Float64Observable:
		if known {
			o.ObserveFloat64(i, float64(value)/1000, with)
		}
	}
}
