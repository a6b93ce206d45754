package meter_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric/noop"
	"go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"

	"github.com/cairnstate/cairn/storage/backend"
	"github.com/cairnstate/cairn/storage/fault"
	"github.com/cairnstate/cairn/storage/internal/around"
	"github.com/cairnstate/cairn/storage/internal/powers"
	"github.com/cairnstate/cairn/storage/mem"
	"github.com/cairnstate/cairn/storage/meter"
	"github.com/cairnstate/cairn/storage/storagetest"
)

func TestConformance(t *testing.T) {
	shared := new(mem.Backend)
	storagetest.Run(t, func(t *testing.T) backend.Backend {
		b, err := meter.Wrap(shared, noop.Meter{}, "mem")
		if err != nil {
			t.Fatal(err)
		}
		return b
	})
}

// TestNoMethodIsUncounted would find a power that came later.
func TestNoMethodIsUncounted(t *testing.T) {
	for name := range powers.Requests(new(mem.Backend)) {
		b, counted := wrap(t, new(mem.Backend))
		for other, request := range powers.Requests(b) {
			if other == name {
				_ = request(t.Context(), "key") // whether it succeeds is not the question
			}
		}
		if !strings.Contains(counted(), "cairn.storage.calls") {
			t.Errorf("%s is not counted", name)
		}
	}
}

// TestALifeOfAnObject holds the whole of the counters, and that no key is in them.
func TestALifeOfAnObject(t *testing.T) {
	plan, err := fault.Parse("delete & nth(1): fail(throttled); read & nth(1): fail(reset)")
	if err != nil {
		t.Fatal(err)
	}
	b, counted := wrap(t, fault.Wrap(new(mem.Backend), plan))
	must(t, write(t.Context(), b, "secret/key", "0123456789"))
	r, err := b.Open(t.Context(), "secret/key", nil)
	must(t, err)
	_, err = r.Read(make([]byte, 4))
	if !errors.Is(err, backend.ErrTransient) {
		t.Error(err)
	}
	_, err = io.ReadAll(r)
	must(t, errors.Join(err, r.Close()))
	_, err = backend.Download(t.Context(), b, "secret/key", &backend.OpenOptions{Length: 3}, nowhere{})
	must(t, err)
	for range b.List(t.Context(), "") {
		break
	}
	for _, err := range b.List(t.Context(), "") {
		must(t, err)
	}
	w, err := b.Create(t.Context(), "secret/b", nil)
	must(t, err)
	must(t, w.Close())
	_ = b.Delete(t.Context(), "secret/key")
	must(t, b.Delete(t.Context(), "secret/key"))
	want := `
cairn.storage.bytes direction=in,scheme=mem 13
cairn.storage.bytes direction=out,scheme=mem 10
cairn.storage.calls scheme=mem,verb=abort 1
cairn.storage.calls scheme=mem,verb=commit 1
cairn.storage.calls scheme=mem,verb=create 2
cairn.storage.calls scheme=mem,verb=delete 2
cairn.storage.calls scheme=mem,verb=download 1
cairn.storage.calls scheme=mem,verb=list 2
cairn.storage.calls scheme=mem,verb=open 1
cairn.storage.calls scheme=mem,verb=read 1
cairn.storage.errors kind=throttled,scheme=mem,verb=delete 1
cairn.storage.errors kind=transient,scheme=mem,verb=read 1
cairn.storage.in_flight scheme=mem 0`
	if got := counted(); got != want {
		t.Errorf("counted%s\nwant%s", got, want)
	}
}

// twice takes what it uploads for a checksum and again to send it.
type twice struct{ *mem.Backend }

func (b twice) Upload(ctx context.Context, key string, opts *backend.CreateOptions, r io.ReaderAt, size int64) error {
	if _, err := io.Copy(io.Discard, io.NewSectionReader(r, 0, size)); err != nil {
		return err
	}
	return backend.Upload(ctx, b.Backend, key, opts, r, size)
}

func TestAnUploadCountsOnce(t *testing.T) {
	b, counted := wrap(t, twice{new(mem.Backend)})
	must(t, backend.Upload(t.Context(), b, "a", nil, strings.NewReader("0123456789"), 10))
	if err := backend.Upload(t.Context(), b, "b", nil, strings.NewReader("0123"), 10); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Error(err)
	}
	want := `
cairn.storage.bytes direction=out,scheme=mem 14
cairn.storage.calls scheme=mem,verb=upload 2
cairn.storage.errors kind=failed,scheme=mem,verb=upload 1
cairn.storage.in_flight scheme=mem 0`
	if got := counted(); got != want {
		t.Errorf("counted%s\nwant%s", got, want)
	}
}

// TestDurationIsThatOfTheStore lets the store take a second for each call, and the
// caller an hour between.
func TestDurationIsThatOfTheStore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := new(mem.Backend)
		must(t, write(t.Context(), store, "a", "0123456789"))
		reader := metric.NewManualReader()
		b, err := meter.Wrap(around.Wrap(store, func(_ *around.Call, do func() error) error {
			time.Sleep(time.Second)
			return do()
		}), metric.NewMeterProvider(metric.WithReader(reader)).Meter("test"), "mem")
		must(t, err)
		r, err := b.Open(t.Context(), "a", nil)
		must(t, err)
		for err == nil {
			time.Sleep(time.Hour)
			_, err = r.Read(make([]byte, 10))
		}
		r.Close()
		for range b.List(t.Context(), "") {
			time.Sleep(time.Hour)
		}
		var seen metricdata.ResourceMetrics
		must(t, reader.Collect(t.Context(), &seen))
		got := map[string]float64{}
		for _, m := range seen.ScopeMetrics[0].Metrics {
			if histogram, ok := m.Data.(metricdata.Histogram[float64]); ok {
				for _, point := range histogram.DataPoints {
					got[point.Attributes.Encoded(attribute.DefaultEncoder())] = point.Sum
				}
			}
		}
		for verb, want := range map[string]float64{"open": 1, "read": 3, "list": 3} {
			if sum := got["scheme=mem,verb="+verb]; sum != want {
				t.Errorf("%s takes %v seconds, want %v", verb, sum, want)
			}
		}
	})
}

func TestInFlightIsWhatIsUnderWay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		held := make(chan struct{})
		b, counted := wrap(t, around.Wrap(new(mem.Backend), func(_ *around.Call, do func() error) error {
			<-held
			return do()
		}))
		for range 3 {
			go b.Stat(t.Context(), "a") //nolint:errcheck // it is absent
		}
		synctest.Wait()
		if got := counted(); got != "\ncairn.storage.in_flight scheme=mem 3" {
			t.Errorf("under way:%s", got)
		}
		close(held)
	})
}

// wrap returns b with a meter, and what the counters hold.
func wrap(t *testing.T, b backend.Backend) (backend.Backend, func() string) {
	t.Helper()
	reader := metric.NewManualReader()
	metered, err := meter.Wrap(b, metric.NewMeterProvider(metric.WithReader(reader)).Meter("test"), "mem")
	must(t, err)
	return metered, func() string {
		var seen metricdata.ResourceMetrics
		must(t, reader.Collect(t.Context(), &seen))
		var lines []string
		for _, scope := range seen.ScopeMetrics {
			for _, m := range scope.Metrics {
				if sum, ok := m.Data.(metricdata.Sum[int64]); ok {
					for _, point := range sum.DataPoints {
						lines = append(lines, fmt.Sprintf("\n%s %s %d", m.Name, point.Attributes.Encoded(attribute.DefaultEncoder()), point.Value))
					}
				}
			}
		}
		slices.Sort(lines)
		return strings.Join(lines, "")
	}
}

func write(ctx context.Context, b backend.Backend, key, content string) error {
	w, err := b.Create(ctx, key, nil)
	if err != nil {
		return err
	}
	defer w.Close()
	if _, err := io.WriteString(w, content); err != nil {
		return err
	}
	return w.Commit()
}

type nowhere struct{}

func (nowhere) WriteAt(p []byte, _ int64) (int, error) { return len(p), nil }

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
