// Command storagebench races storage/s3 against what people move data to and from S3
// with: minio-go, the AWS transfer manager, gocloud's s3blob, rclone and mc.
//
//	make bench-storage
//
// Each measurement is a process of its own, of which the kernel says how much CPU
// and memory it took; the libraries run in this same program, started anew as a
// worker. In each round every client has its turn, so that whatever else the
// machine does meets all. MinIO has its data in memory, over plain HTTP and then
// over TLS. A client is measured as it comes and tuned, as far as its options go.
// Who takes more than -drop times as long as the fastest in the first round has no
// second one: he is not the best peer, and the time goes to those who may be.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"
)

// config is what is measured and how.
type config struct {
	large    int64
	count    int
	small    int64
	rounds   int
	limit    time.Duration
	drop     float64
	dir      string
	tools    string
	only     string
	clients  string
	requests bool
	out      string
}

func main() {
	if len(os.Args) > 1 && os.Args[1] == "worker" {
		exit(work(context.Background(), os.Args[2:]))
	}
	var c config
	flag.Int64Var(&c.large, "large", 1<<30, "bytes of the large object")
	flag.IntVar(&c.count, "count", 10_000, "number of small objects")
	flag.Int64Var(&c.small, "small", 64<<10, "bytes of a small object")
	flag.IntVar(&c.rounds, "rounds", 5, "rounds at most")
	flag.DurationVar(&c.limit, "limit", 10*time.Minute, "time for all; the first round is finished in any case")
	flag.Float64Var(&c.drop, "drop", 2, "who is so many times slower than the fastest has one round")
	flag.StringVar(&c.dir, "dir", "/dev/shm", "where the data is; it should be memory")
	flag.StringVar(&c.tools, "tools", "../../.tools/bin", "where minio, rclone and mc are")
	flag.StringVar(&c.only, "only", "", "a part of the name of the disciplines to measure")
	flag.StringVar(&c.clients, "clients", "", "a part of the name of the clients to measure")
	flag.BoolVar(&c.requests, "requests", true, "count requests, in runs of their own")
	flag.StringVar(&c.out, "o", "", "file for the report; empty for standard output")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	exit(race(ctx, c))
}

func exit(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "storagebench:", err)
		os.Exit(1)
	}
	os.Exit(0)
}
