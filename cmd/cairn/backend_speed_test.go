package main

import (
	"context"
	"io"
	"testing"
	"testing/synctest"
	"time"

	"github.com/cairnstate/cairn/storage/backend"
	"github.com/cairnstate/cairn/storage/mem"
)

// slow uploads a MiB in the time.
type slow struct {
	backend.Through
	mebibyte time.Duration
}

func (s slow) Upload(ctx context.Context, key string, opts *backend.CreateOptions, r io.ReaderAt, size int64) error {
	time.Sleep(time.Duration(size>>20) * s.mebibyte)
	return s.Through.Upload(ctx, key, opts, r, size)
}

// TestWhatIsSlowIsMeasuredWithLess would take a minute and more otherwise.
func TestWhatIsSlowIsMeasuredWithLess(t *testing.T) {
	for mebibyte, want := range map[time.Duration]int64{10 * time.Millisecond: 64, 200 * time.Millisecond: 16, time.Second: 4, time.Minute: 1} {
		synctest.Test(t, func(t *testing.T) {
			m := &measurement{ctx: t.Context(), backend: slow{backend.Through{Backend: new(mem.Backend)}, mebibyte}, dir: "speed"}
			if err := m.large(); err != nil {
				t.Fatal(err)
			}
			info, err := m.backend.Stat(t.Context(), "speed/large")
			if err != nil || info.Size != want<<20 || m.report.LargeBytes != info.Size {
				t.Errorf("%s for each MiB: %d bytes of %d are told, want %d MiB (%v)", mebibyte, m.report.LargeBytes, info.Size, want, err)
			}
			if speed := m.report.UploadMiBps * mebibyte.Seconds(); speed < 0.999 || speed > 1.001 {
				t.Errorf("%s for each MiB: told %v MiB in a second", mebibyte, m.report.UploadMiBps)
			}
		})
	}
}

func TestWhatIsRepeatedGoesOn(t *testing.T) {
	p := make([]byte, 8)
	if n, err := repeated("abc").ReadAt(p, 5); n != 8 || err != nil || string(p) != "cabcabca" {
		t.Errorf("read %q, %v", p[:n], err)
	}
}
