package meter

import (
	"errors"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"

	"github.com/cairnstate/cairn/storage/internal/around"
)

// instruments are what is counted with, and the attributes, made once.
type instruments struct {
	calls, errors, bytes metric.Int64Counter
	inFlight             metric.Int64UpDownCounter
	duration             metric.Float64Histogram

	scheme  attribute.KeyValue
	verbs   map[around.Op]metric.MeasurementOption
	any     []metric.AddOption // a slice, lest each call makes one
	in, out []metric.AddOption
}

// seconds are the bounds of the histogram: a local disk answers in less than the
// first, and nobody waits for the last.
func seconds() []float64 {
	return []float64{0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60}
}

func newInstruments(meter metric.Meter, scheme string) (*instruments, error) {
	var failed [5]error
	i := &instruments{scheme: attribute.String("scheme", scheme), verbs: make(map[around.Op]metric.MeasurementOption)}
	i.calls, failed[0] = meter.Int64Counter("cairn.storage.calls",
		metric.WithDescription("Calls of a storage backend."))
	i.errors, failed[1] = meter.Int64Counter("cairn.storage.errors",
		metric.WithDescription("Calls of a storage backend that returned an error, by its kind."))
	i.bytes, failed[2] = meter.Int64Counter("cairn.storage.bytes", metric.WithUnit("By"),
		metric.WithDescription("Bytes read from a storage backend (in) and written to it (out)."))
	i.duration, failed[3] = meter.Float64Histogram("cairn.storage.duration", metric.WithUnit("s"),
		metric.WithExplicitBucketBoundaries(seconds()...),
		metric.WithDescription("How long calls of a storage backend take."))
	i.inFlight, failed[4] = meter.Int64UpDownCounter("cairn.storage.in_flight",
		metric.WithDescription("Calls of a storage backend that are under way."))
	for _, op := range around.Ops() {
		i.verbs[op] = i.with(attribute.String("verb", string(op)))
	}
	i.any = []metric.AddOption{i.with()}
	i.in = []metric.AddOption{i.with(attribute.String("direction", "in"))}
	i.out = []metric.AddOption{i.with(attribute.String("direction", "out"))}
	return i, errors.Join(failed[:]...)
}

func (i *instruments) with(attributes ...attribute.KeyValue) metric.MeasurementOption {
	return metric.WithAttributeSet(attribute.NewSet(append(attributes, i.scheme)...))
}
