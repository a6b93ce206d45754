package main

import (
	"context"
	"fmt"

	client "github.com/prometheus/client_golang/prometheus"
	"go.opentelemetry.io/otel/exporters/prometheus"
	"go.opentelemetry.io/otel/metric"
	sdk "go.opentelemetry.io/otel/sdk/metric"
)

// metrics are those of one run of the command, in memory until they are written.
type metrics struct {
	registry *client.Registry
	provider *sdk.MeterProvider
}

func newMetrics() (*metrics, error) {
	registry := client.NewRegistry()
	exporter, err := prometheus.New(prometheus.WithRegisterer(registry), prometheus.WithoutTargetInfo(), prometheus.WithoutScopeInfo())
	if err != nil {
		return nil, fmt.Errorf("metrics: %w", err)
	}
	return &metrics{registry, sdk.NewMeterProvider(sdk.WithReader(exporter))}, nil
}

func (m *metrics) meter() metric.Meter {
	return m.provider.Meter("github.com/cairnstate/cairn/storage/meter")
}

// write puts the file into its place whole, as its collector may look at any time.
func (m *metrics) write(ctx context.Context, file string) error {
	if err := client.WriteToTextfile(file, m.registry); err != nil {
		return fmt.Errorf("--metrics-file: %w", err)
	}
	if err := m.provider.Shutdown(ctx); err != nil {
		return fmt.Errorf("--metrics-file: %w", err)
	}
	return nil
}
