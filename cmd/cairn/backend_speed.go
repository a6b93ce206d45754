package main

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/cairnstate/cairn/storage/backend"
)

// speedReport says how fast the store is from here, by one process.
type speedReport struct {
	SmallPut        latencyReport `json:"smallPut"` // 1 KiB, one after the other
	SmallGet        latencyReport `json:"smallGet"`
	LargeBytes      int64         `json:"largeBytes"` // of the object that was sent and fetched
	UploadMiBps     float64       `json:"uploadMiBps"`
	DownloadMiBps   float64       `json:"downloadMiBps"`
	Keys            int           `json:"keys"` // that were put, listed and deleted
	PutsPerSecond   float64       `json:"putsPerSecond"`
	ListedPerSecond float64       `json:"listedPerSecond"`
	DeletedPerSec   float64       `json:"deletedPerSecond"`
}

type latencyReport struct {
	Count    int     `json:"count"`
	MedianMs float64 `json:"medianMs"`
	P95Ms    float64 `json:"p95Ms"`
}

const (
	smallRequests = 40
	putsAtOnce    = 16
	manyKeys      = 1000
	largeTarget   = 64 << 20        // bytes, unless the time is over before
	largeTime     = 8 * time.Second // for the last upload
	manyTime      = 8 * time.Second // for the puts
)

// measure measures each kind of work once, in so much time that all of it takes
// less than half a minute on a store that works.
func measure(ctx context.Context, target *verifyTarget) (*speedReport, error) {
	m := &measurement{ctx: ctx, backend: target.backend, dir: target.dir + "/speed"}
	for _, step := range []func() error{m.small, m.large, m.many} {
		if err := step(); err != nil {
			return nil, err
		}
	}
	return &m.report, nil
}

type measurement struct {
	ctx     context.Context
	backend backend.Backend
	dir     string
	report  speedReport
}

func (m *measurement) put(key string, data []byte) error {
	w, err := m.backend.Create(m.ctx, key, nil)
	if err != nil {
		return err
	}
	defer w.Close()
	if _, err := w.Write(data); err != nil {
		return err
	}
	return w.Commit()
}

// small measures requests one after the other, as a coordinator sends them.
func (m *measurement) small() error {
	data := random(1 << 10)
	key := func(i int) string { return fmt.Sprintf("%s/small-%d", m.dir, i) }
	var err error
	m.report.SmallPut, err = latencies(func(i int) error { return m.put(key(i), data) })
	if err != nil {
		return err
	}
	m.report.SmallGet, err = latencies(func(i int) error {
		r, err := m.backend.Open(m.ctx, key(i), nil)
		if err != nil {
			return err
		}
		defer r.Close()
		_, err = io.Copy(io.Discard, r)
		return err
	})
	return err
}

func latencies(do func(i int) error) (latencyReport, error) {
	took := make([]float64, smallRequests)
	for i := range took {
		began := time.Now()
		if err := do(i); err != nil {
			return latencyReport{}, err
		}
		took[i] = milliseconds(time.Since(began))
	}
	slices.Sort(took)
	return latencyReport{len(took), took[len(took)/2], took[len(took)*95/100]}, nil
}

// large sends objects, each four times as large as the one before, until one is large
// enough or the next would take too long, and fetches the last.
func (m *measurement) large() error {
	key, content := m.dir+"/large", repeated(random(1<<20))
	for size := int64(len(content)); m.report.LargeBytes < largeTarget; size *= 4 {
		began := time.Now()
		if err := backend.Upload(m.ctx, m.backend, key, nil, content, size); err != nil {
			return err
		}
		took := time.Since(began)
		m.report.LargeBytes, m.report.UploadMiBps = size, mebibytes(size)/took.Seconds()
		if 4*took > largeTime {
			break
		}
	}
	began := time.Now()
	if _, err := backend.Download(m.ctx, m.backend, key, nil, nowhere{}); err != nil {
		return err
	}
	m.report.DownloadMiBps = mebibytes(m.report.LargeBytes) / time.Since(began).Seconds()
	return nil
}

func mebibytes(n int64) float64 { return float64(n) / (1 << 20) }

// many puts small objects, several at once, until there are enough or the time is
// over, and lists and deletes them, and those that were there before.
func (m *measurement) many() error {
	var puts errgroup.Group
	puts.SetLimit(putsAtOnce)
	began := time.Now()
	for m.report.Keys < manyKeys && time.Since(began) < manyTime {
		key := fmt.Sprintf("%s/many/%04d", m.dir, m.report.Keys)
		m.report.Keys++
		puts.Go(func() error { return m.put(key, nil) })
	}
	if err := puts.Wait(); err != nil {
		return err
	}
	m.report.PutsPerSecond = perSecond(m.report.Keys, began)
	began = time.Now()
	var keys []string
	for info, err := range m.backend.List(m.ctx, m.dir) {
		if err != nil {
			return err
		}
		keys = append(keys, info.Key)
	}
	m.report.ListedPerSecond = perSecond(len(keys), began)
	began = time.Now()
	err := backend.DeleteAll(m.ctx, m.backend, keys)
	m.report.DeletedPerSec = perSecond(len(keys), began)
	return err
}

func perSecond(n int, began time.Time) float64 { return float64(n) / time.Since(began).Seconds() }

// random returns bytes that nobody on the way can make fewer.
func random(size int) []byte {
	data := make([]byte, size)
	_, _ = rand.NewChaCha8([32]byte{}).Read(data) // never fails
	return data
}

// repeated is a source without an end: the bytes again and again.
type repeated []byte

func (r repeated) ReadAt(p []byte, offset int64) (n int, err error) {
	for n < len(p) {
		n += copy(p[n:], r[(offset+int64(n))%int64(len(r)):])
	}
	return n, nil
}

// nowhere takes a download and forgets it.
type nowhere struct{}

func (nowhere) WriteAt(p []byte, _ int64) (int, error) { return len(p), nil }
