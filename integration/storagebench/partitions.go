package main

import (
	"context"
	"fmt"
	"io"
	"net/url"
	"os"
	"strings"

	"github.com/minio/minio-go/v7"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/storage"
	"github.com/cairnstate/cairn/storage/backend"
	"github.com/cairnstate/cairn/storage/s3"
)

const (
	partitions    = 10_000
	partitionSize = 100
)

// partitioned are scattered over the file, in no order.
func partitioned(size int64) []storage.StateRange {
	ranges := make([]storage.StateRange, partitions)
	step := (size - partitionSize) / partitions
	for i := range ranges {
		ranges[i] = storage.StateRange{Offset: int64(i*7919%partitions) * step, Length: partitionSize}
	}
	return ranges
}

// partitions reads them through a state reader, out of a file beside metadata that
// nobody reads.
func (c cairn) partitions(ctx context.Context, size int64) error {
	var registry backend.Registry
	registry.Register(s3.Opener(nil), s3.Schemes()...)
	store, err := storage.New(&registry, &storage.Options{
		Locations: []string{"s3://" + bucket + "?endpoint=" + url.QueryEscape(endpoint())},
	})
	if err != nil {
		return err
	}
	defer store.Close()
	if err := c.stream(ctx, os.Stdin, "partitions/_metadata"); err != nil {
		return err
	}
	at, err := store.ResolveCheckpoint(ctx, "s3://"+bucket+"/partitions")
	if err != nil {
		return err
	}
	defer at.Close()
	handle := &checkpoint.FileStateHandle{Path: "s3://" + bucket + "/partitions/state", Size: size}
	n := 0
	for part, err := range storage.ReadStateRanges(ctx, at, handle, partitioned(size), nil) {
		if err != nil {
			return err
		}
		if _, err := io.Copy(io.Discard, part); err != nil {
			return err
		}
		n++
	}
	if n != partitions {
		return fmt.Errorf("%d partitions of %d", n, partitions)
	}
	return nil
}

// partitions asks for each, some at once.
func (m minioGo) partitions(ctx context.Context, size int64) error {
	core := minio.Core{Client: m.Client}
	ranges := map[string]storage.StateRange{}
	var names []string
	for i, r := range partitioned(size) {
		names = append(names, fmt.Sprint(i))
		ranges[names[i]] = r
	}
	return many(ctx, names, func(ctx context.Context, name string) error {
		opts, r := minio.GetObjectOptions{}, ranges[name]
		if err := opts.SetRange(r.Offset, r.Offset+r.Length-1); err != nil {
			return err
		}
		body, _, _, err := core.GetObject(ctx, bucket, "partitions/state", opts)
		if err != nil {
			return err
		}
		defer body.Close()
		_, err = io.Copy(io.Discard, body)
		return err
	})
}

// scattered measures how partitions are read out of one file of 64 MiB.
func (a *arena) scattered(ctx context.Context, out io.Writer) error {
	if !strings.Contains("partitions", a.only) {
		return nil
	}
	const large = 64 << 20
	file := a.dir + "/partitions"
	if err := writeRandom(file, large); err != nil {
		return err
	}
	if _, err := a.run(ctx, clients()[0], "up-large", []string{file, "partitions/state"}, false); err != nil {
		return err
	}
	fmt.Fprintf(out, "\n### Read %d scattered partitions of %d bytes out of one file of %s, plain HTTP\n\n| client | wall | CPU | requests |\n|---|---|---|---|\n", partitions, partitionSize, size(large))
	for _, c := range clients()[:2] {
		t, err := a.run(ctx, c, "partitions", []string{fmt.Sprint(large)}, false)
		if err != nil {
			return err
		}
		proxy, err := startCounter(a.server.endpoint)
		if err != nil {
			return err
		}
		a.endpoint = proxy.URL
		_, err = a.run(ctx, c, "partitions", []string{fmt.Sprint(large)}, false)
		a.endpoint = a.server.endpoint
		proxy.Close()
		if err != nil {
			return err
		}
		fmt.Fprintf(out, "| %s | %.2f s | %.2f s | %d |\n", howPartitions(c), t.wall.Seconds(), t.cpu.Seconds(), proxy.seen.Load())
	}
	return nil
}

func howPartitions(c client) string {
	if c.name == "cairn" {
		return "cairn, storage.ReadStateRanges (two requests make and find the checkpoint)"
	}
	return c.name + ", a request for each"
}
