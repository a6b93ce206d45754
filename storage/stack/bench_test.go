package stack_test

import (
	"io"
	"testing"

	sdk "go.opentelemetry.io/otel/sdk/metric"

	"github.com/cairnstate/cairn/storage/backend"
	"github.com/cairnstate/cairn/storage/limit"
	"github.com/cairnstate/cairn/storage/mem"
	"github.com/cairnstate/cairn/storage/stack"
	"github.com/cairnstate/cairn/storage/trace"
)

// BenchmarkRead is what a stack costs: 64 KiB in calls of 4 KiB, from memory, where
// nothing else takes time.
func BenchmarkRead(b *testing.B) {
	store := new(mem.Backend)
	w, err := store.Create(b.Context(), "a", nil)
	if err != nil {
		b.Fatal(err)
	}
	defer w.Close()
	if _, err := w.Write(make([]byte, 64<<10)); err != nil {
		b.Fatal(err)
	}
	if err := w.Commit(); err != nil {
		b.Fatal(err)
	}
	provider := sdk.NewMeterProvider(sdk.WithReader(sdk.NewManualReader()))
	all := full(func(trace.Line) {}, provider.Meter("bench"))
	all.Limit = &limit.Options{Calls: 64, Requests: 1e9, Bytes: 1e12} // which nobody has to wait for
	for name, opts := range map[string]*stack.Options{"default": nil, "full": all} {
		stacked, err := stack.Wrap(store, "mem", opts)
		if err != nil {
			b.Fatal(err)
		}
		b.Run(name, func(b *testing.B) { benchmarkRead(b, stacked) })
	}
	b.Run("none", func(b *testing.B) { benchmarkRead(b, store) })
}

func benchmarkRead(b *testing.B, store backend.Backend) {
	b.SetBytes(64 << 10)
	buffer := make([]byte, 4<<10)
	for b.Loop() {
		r, err := store.Open(b.Context(), "a", nil)
		if err != nil {
			b.Fatal(err)
		}
		for err == nil {
			_, err = r.Read(buffer)
		}
		if err != io.EOF {
			b.Fatal(err)
		}
		r.Close()
	}
}
