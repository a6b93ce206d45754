package meter_test

import (
	"context"
	"fmt"
	"log"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"

	"github.com/cairnstate/cairn/coordinator/statistics"
	"github.com/cairnstate/cairn/coordinator/statistics/meter"
)

// The SDK's reader is whatever a program exports its metrics with.
func Example() {
	var tracker statistics.Tracker // a coordinator has one, and Statistics is its Snapshot
	reader := metric.NewManualReader()
	provider := metric.NewMeterProvider(metric.WithReader(reader))
	if _, err := meter.Register(provider.Meter("example"), tracker.Snapshot, attribute.String("job", "wordcount")); err != nil {
		log.Fatal(err)
	}
	tracker.ReportFailedBeforePending()
	tracker.ReportRestored(statistics.RestoredCheckpoint{CheckpointID: 17, At: time.Unix(1_700_000_000, 0)})

	var seen metricdata.ResourceMetrics
	if err := reader.Collect(context.Background(), &seen); err != nil {
		log.Fatal(err)
	}
	for _, m := range seen.ScopeMetrics[0].Metrics {
		switch data := m.Data.(type) {
		case metricdata.Sum[int64]:
			fmt.Println(m.Name, data.DataPoints[0].Attributes.Encoded(attribute.DefaultEncoder()), data.DataPoints[0].Value)
		case metricdata.Gauge[float64]:
			fmt.Printf("%s %.0f %s\n", m.Name, data.DataPoints[0].Value, m.Unit)
		}
	}
	// Output:
	// cairn.checkpoint.triggered job=wordcount 1
	// cairn.checkpoint.completed job=wordcount 0
	// cairn.checkpoint.failed job=wordcount 1
	// cairn.checkpoint.restored job=wordcount 1
	// cairn.checkpoint.in_progress job=wordcount 0
	// cairn.checkpoint.last.restore_time 1700000000 s
}
