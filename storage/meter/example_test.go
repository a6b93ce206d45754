package meter_test

import (
	"context"
	"fmt"
	"log"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"

	"github.com/cairnstate/cairn/storage/mem"
	"github.com/cairnstate/cairn/storage/meter"
)

// The SDK's reader is whatever a program exports its metrics with.
func Example() {
	ctx := context.Background()
	reader := metric.NewManualReader()
	provider := metric.NewMeterProvider(metric.WithReader(reader))
	b, err := meter.Wrap(new(mem.Backend), provider.Meter("example"), "mem")
	if err != nil {
		log.Fatal(err)
	}
	_, _ = b.Stat(ctx, "chk-7/_metadata")

	var seen metricdata.ResourceMetrics
	if err := reader.Collect(ctx, &seen); err != nil {
		log.Fatal(err)
	}
	for _, m := range seen.ScopeMetrics[0].Metrics {
		if sum, ok := m.Data.(metricdata.Sum[int64]); ok {
			for _, point := range sum.DataPoints {
				fmt.Println(m.Name, point.Attributes.Encoded(attribute.DefaultEncoder()), point.Value)
			}
		}
	}
	// Output:
	// cairn.storage.calls scheme=mem,verb=stat 1
	// cairn.storage.errors kind=absent,scheme=mem,verb=stat 1
	// cairn.storage.in_flight scheme=mem 0
}
