package meter_test

import (
	"errors"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"go.opentelemetry.io/otel/metric"
	"go.opentelemetry.io/otel/metric/noop"
	sdk "go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/coordinator/statistics"
	"github.com/cairnstate/cairn/coordinator/statistics/meter"
	"github.com/cairnstate/cairn/task"
)

// collected registers a tracker, and returns how to read its metrics.
func collected(t *testing.T, tracker *statistics.Tracker) (metrics func() []string, registration metric.Registration) {
	t.Helper()
	reader := sdk.NewManualReader()
	registration, err := meter.Register(sdk.NewMeterProvider(sdk.WithReader(reader)).Meter("test"), tracker.Snapshot)
	if err != nil {
		t.Fatal(err)
	}
	return func() []string {
		var seen metricdata.ResourceMetrics
		if err := reader.Collect(t.Context(), &seen); err != nil {
			t.Fatal(err)
		}
		var lines []string
		for _, scope := range seen.ScopeMetrics {
			for _, m := range scope.Metrics {
				lines = append(lines, line(t, m))
			}
		}
		return lines
	}, registration
}

func line(t *testing.T, m metricdata.Metrics) string {
	t.Helper()
	if m.Description == "" {
		t.Errorf("%s is not described", m.Name)
	}
	switch data := m.Data.(type) {
	case metricdata.Sum[int64]:
		return fmt.Sprint(m.Name, " ", data.DataPoints[0].Value, map[bool]string{true: " counter", false: " up-down counter"}[data.IsMonotonic])
	case metricdata.Gauge[int64]:
		return fmt.Sprint(m.Name, " ", data.DataPoints[0].Value, " ", m.Unit)
	case metricdata.Gauge[float64]:
		return fmt.Sprint(m.Name, " ", data.DataPoints[0].Value, " ", m.Unit)
	}
	t.Fatalf("%s: %T", m.Name, m.Data)
	return ""
}

// full has told of each kind of event.
func full() *statistics.Tracker {
	tracker := new(statistics.Tracker)
	vertex := checkpoint.JobVertexID{1}
	for id := int64(7); id <= 9; id++ {
		tracker.ReportPending(statistics.Pending{CheckpointID: id, Triggered: time.UnixMilli(10_000), Tasks: []statistics.TaskSize{{Vertex: vertex, Subtasks: 1}}})
		tracker.ReportTaskAcknowledged(id, task.ExecutionAttempt{Vertex: vertex}, time.UnixMilli(12_500), task.Metrics{
			CheckpointedBytes: 1, FullStateBytes: 2, BytesProcessed: 3, BytesPersisted: 4,
		})
	}
	tracker.ReportCompleted(7, "chk-7", 5)
	tracker.ReportFailed(8, nil, time.UnixMilli(13_000))
	tracker.ReportRestored(statistics.RestoredCheckpoint{At: time.UnixMilli(500)})
	return tracker
}

func TestMetrics(t *testing.T) {
	tracker := full()
	metrics, registration := collected(t, tracker)
	want := []string{
		"cairn.checkpoint.completed 1 counter",
		"cairn.checkpoint.failed 1 counter",
		"cairn.checkpoint.in_progress 1 up-down counter",
		"cairn.checkpoint.last.completed_time 12.5 s",
		"cairn.checkpoint.last.duration 2.5 s",
		"cairn.checkpoint.last.full_size 2 By",
		"cairn.checkpoint.last.id 7 ",
		"cairn.checkpoint.last.metadata_size 5 By",
		"cairn.checkpoint.last.persisted 4 By",
		"cairn.checkpoint.last.processed 3 By",
		"cairn.checkpoint.last.restore_time 0.5 s",
		"cairn.checkpoint.last.size 1 By",
		"cairn.checkpoint.restored 1 counter",
		"cairn.checkpoint.triggered 3 counter",
	}
	if got := slices.Sorted(slices.Values(metrics())); !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	tracker.ReportFailed(9, nil, time.UnixMilli(13_000))
	if got := metrics(); !slices.Contains(got, "cairn.checkpoint.failed 2 counter") {
		t.Errorf("they are not those of now: %q", got)
	}
	if err := registration.Unregister(); err != nil {
		t.Fatal(err)
	}
	if got := metrics(); len(got) != 0 {
		t.Errorf("after the end: %q", got)
	}
}

// refusing makes no gauges.
type refusing struct{ noop.Meter }

func (refusing) Int64ObservableGauge(string, ...metric.Int64ObservableGaugeOption) (metric.Int64ObservableGauge, error) {
	return nil, errors.New("no gauges here")
}

func TestAMeterThatRefuses(t *testing.T) {
	if _, err := meter.Register(refusing{}, new(statistics.Tracker).Snapshot); err == nil || !strings.Contains(err.Error(), "no gauges here") {
		t.Errorf("%v", err)
	}
}

// TestPagesNameTheMetrics holds that the pages have each metric, and no other.
func TestPagesNameTheMetrics(t *testing.T) {
	metrics, _ := collected(t, full())
	var want []string
	for _, line := range metrics() {
		want = append(want, strings.Fields(line)[0])
	}
	slices.Sort(want)
	for _, page := range []string{"doc.go", "../../../docs/watching-checkpoints.md"} {
		text, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		named := regexp.MustCompile(`cairn\.checkpoint\.[a-z_.]*[a-z]`).FindAllString(string(text), -1)
		slices.Sort(named)
		if named = slices.Compact(named); !slices.Equal(named, want) {
			t.Errorf("%s names %q, want %q", page, named, want)
		}
	}
}
