package metadata_test

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/checkpoint/metadata"
)

// load is a checkpoint of incremental keyed state, as RocksDB makes it.
type load struct{ operators, subtasks, files int }

func loads() []load { return []load{{20, 100, 50}, {50, 1000, 20}} }

func (l load) handles() int   { return l.operators * l.subtasks * l.files }
func (l load) String() string { return fmt.Sprintf("handles=%d", l.handles()) }

// file builds the checkpoint, with paths as they are in S3: some 90 characters.
func (l load) file() *metadata.File {
	f := &metadata.File{Version: metadata.CurrentVersion}
	f.CheckpointID = 4711
	props := checkpoint.CheckpointProperties(checkpoint.RetainOnCancellation)
	f.Properties = &props
	for op := range l.operators {
		state := checkpoint.OperatorState{
			ID:          checkpoint.OperatorIDFromUID(fmt.Sprintf("process-%d", op)),
			Name:        fmt.Sprintf("KeyedProcess-%d", op),
			UID:         fmt.Sprintf("process-%d", op),
			Parallelism: int32(l.subtasks), MaxParallelism: 2048,
		}
		for sub := range l.subtasks {
			state.Subtasks = append(state.Subtasks, checkpoint.SubtaskState{
				Index: int32(sub),
				State: &checkpoint.OperatorSubtaskState{ManagedKeyedState: l.increment(op, sub)},
			})
		}
		f.Operators = append(f.Operators, state)
	}
	return f
}

func (l load) increment(op, sub int) *checkpoint.IncrementalRemoteKeyedStateHandle {
	const job = "5b1a6f6a8f2e4b0c9d7e3f1a2b4c6d8e"
	h := &checkpoint.IncrementalRemoteKeyedStateHandle{
		CheckpointID: 4711, BackendID: "0d4ad0e3-7a0e-4f5a-9c0a-2f0f5e0f7a11",
		Range:            checkpoint.KeyGroups(0, 20),
		CheckpointedSize: 12345678,
		MetaState:        &checkpoint.RelativeFileStateHandle{RelativePath: "b9f9c2d7-93a1-4f0a-8d93-4d0f3f0d7b21", Size: 4096},
		HandleID:         "f2f2e9f0-6f0b-4d39-8a43-9b9c1f0e9d10",
	}
	for i := range l.files {
		h.SharedState = append(h.SharedState, checkpoint.HandleAndLocalPath{
			LocalPath: fmt.Sprintf("%06d.sst", i),
			Handle: &checkpoint.FileStateHandle{
				Path: fmt.Sprintf("s3://bucket/checkpoints/%s/shared/%08x-%04x-4d39-8a43-%012x", job, op, sub, i),
				Size: 67108864,
			},
		})
	}
	return h
}

func (l load) encoded(b *testing.B) []byte {
	data, err := metadata.Encode(l.file(), nil)
	if err != nil {
		b.Fatal(err)
	}
	return data
}

// perSecond reports what an operation on so many handles comes to by the clock
// and by the processor, which are the same on a machine that is not used by
// others, and how much it allocates for each byte of metadata.
func perSecond(b *testing.B, handles, size int, run func()) {
	b.SetBytes(int64(size))
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	cpu := cpuTime()
	for b.Loop() {
		run()
	}
	b.StopTimer()
	cpu = cpuTime() - cpu
	runtime.ReadMemStats(&after)
	b.ReportMetric(float64(handles)*float64(b.N)/b.Elapsed().Seconds(), "handles/s")
	if cpu > 0 {
		b.ReportMetric(float64(handles)*float64(b.N)/cpu.Seconds(), "handles/cpu-s")
	}
	b.ReportMetric(float64(after.TotalAlloc-before.TotalAlloc)/float64(b.N)/float64(size), "alloc/input")
	b.ReportMetric(float64(after.Mallocs-before.Mallocs)/float64(b.N)/float64(handles), "allocs/handle")
}

func oneCore(b *testing.B) {
	before := runtime.GOMAXPROCS(1)
	b.Cleanup(func() { runtime.GOMAXPROCS(before) })
}

func BenchmarkDecode(b *testing.B) {
	for _, l := range loads() {
		b.Run(l.String(), func(b *testing.B) {
			oneCore(b)
			data := l.encoded(b)
			perSecond(b, l.handles(), len(data), func() {
				if _, err := metadata.Decode(data, nil); err != nil {
					b.Fatal(err)
				}
			})
		})
	}
}

// BenchmarkDecodeFile reads from the local disk (in truth the page cache).
func BenchmarkDecodeFile(b *testing.B) {
	for _, l := range loads() {
		b.Run(l.String(), func(b *testing.B) {
			oneCore(b)
			data := l.encoded(b)
			name := filepath.Join(b.TempDir(), "_metadata")
			if err := os.WriteFile(name, data, 0o600); err != nil {
				b.Fatal(err)
			}
			perSecond(b, l.handles(), len(data), func() {
				if err := decodeFile(name); err != nil {
					b.Fatal(err)
				}
			})
		})
	}
}

func decodeFile(name string) error {
	r, err := os.Open(name)
	if err != nil {
		return err
	}
	defer r.Close()
	info, err := r.Stat()
	if err != nil {
		return err
	}
	_, err = metadata.Read(r, info.Size(), nil)
	return err
}

func BenchmarkEncode(b *testing.B) {
	for _, l := range loads() {
		b.Run(l.String(), func(b *testing.B) {
			oneCore(b)
			data := l.encoded(b)
			f, err := metadata.Decode(bytes.Clone(data), nil)
			if err != nil {
				b.Fatal(err)
			}
			perSecond(b, l.handles(), len(data), func() {
				if _, err := metadata.Encode(f, nil); err != nil {
					b.Fatal(err)
				}
			})
		})
	}
}

// BenchmarkAppend encodes into memory that is there.
func BenchmarkAppend(b *testing.B) {
	for _, l := range loads() {
		b.Run(l.String(), func(b *testing.B) {
			oneCore(b)
			data := l.encoded(b)
			f, err := metadata.Decode(data, nil)
			if err != nil {
				b.Fatal(err)
			}
			buffer := make([]byte, 0, len(data))
			perSecond(b, l.handles(), len(data), func() {
				if _, err := metadata.Append(buffer[:0], f, nil); err != nil {
					b.Fatal(err)
				}
			})
		})
	}
}

// BenchmarkWrite encodes in pieces, without the whole in memory.
func BenchmarkWrite(b *testing.B) {
	for _, l := range loads() {
		b.Run(l.String(), func(b *testing.B) {
			oneCore(b)
			f := l.file()
			size := len(l.encoded(b))
			perSecond(b, l.handles(), size, func() {
				if err := metadata.Write(io.Discard, f, nil); err != nil {
					b.Fatal(err)
				}
			})
		})
	}
}
