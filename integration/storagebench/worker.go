package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"

	"golang.org/x/sync/errgroup"
)

// atOnce is how many small objects each library is asked for at once. They have no
// call for many objects.
const atOnce = 16

// library moves one object at a time; it is used by many goroutines.
type library interface {
	// down makes a file of an object.
	down(ctx context.Context, key, file string) error
	// up makes an object of a file.
	up(ctx context.Context, file, key string) error
	// stream makes an object of what comes, however long it is.
	stream(ctx context.Context, from io.Reader, key string) error
}

func open(ctx context.Context, name string, tuned bool) (library, error) {
	switch name {
	case "cairn":
		return openCairn(ctx, tuned)
	case "minio-go":
		return openMinIO(tuned)
	case "aws-tm":
		return openManager(ctx, tuned)
	case "s3blob":
		return openBlob(ctx, tuned)
	case "floor", floorKept, floorSigned:
		return openFloor(name)
	}
	return nil, fmt.Errorf("no library %q", name)
}

// work is the main function of a worker: client, "tuned" or "plain", discipline,
// and what that is about.
func work(ctx context.Context, args []string) error {
	name, tuned, discipline, args := args[0], args[1] == "tuned", args[2], args[3:]
	if discipline == "publish" || discipline == "discard" || discipline == "partitions" {
		return rare(ctx, name, discipline, args)
	}
	l, err := open(ctx, name, tuned)
	if err != nil {
		return err
	}
	if f, isFloor := l.(floor); isFloor && strings.HasSuffix(discipline, "-small") {
		return f.many(discipline, args)
	}
	switch discipline {
	case "down-large":
		return l.down(ctx, args[0], args[1])
	case "up-large":
		return l.up(ctx, args[0], args[1])
	case "stream":
		return l.stream(ctx, struct{ io.Reader }{os.Stdin}, args[0]) // so that nobody tries to seek
	case "down-small":
		return many(ctx, args[2:], func(ctx context.Context, name string) error {
			return l.down(ctx, args[0]+"/"+name, filepath.Join(args[1], name))
		})
	case "up-small":
		names, err := listFolder(args[0])
		if err != nil {
			return err
		}
		return many(ctx, names, func(ctx context.Context, name string) error {
			return l.up(ctx, filepath.Join(args[0], name), args[1]+"/"+name)
		})
	}
	return fmt.Errorf("no discipline %q", discipline)
}

func listFolder(dir string) ([]string, error) {
	entries, err := os.ReadDir(dir)
	names := make([]string, len(entries))
	for i, entry := range entries {
		names[i] = entry.Name()
	}
	return names, err
}

// many does something with each name, some at once, until the first error. Whoever is
// done takes the next, so that nobody need be woken for it.
func many(ctx context.Context, names []string, do func(context.Context, string) error) error {
	group, ctx := errgroup.WithContext(ctx)
	var next atomic.Int64
	for range atOnce {
		group.Go(func() error {
			for {
				i := int(next.Add(1)) - 1
				if i >= len(names) || ctx.Err() != nil {
					return nil
				}
				if err := do(ctx, names[i]); err != nil {
					return err
				}
			}
		})
	}
	return group.Wait()
}

// trust returns a configuration that trusts the certificate in the file.
func trust(file string) *tls.Config {
	if file == "" {
		return nil
	}
	pool := x509.NewCertPool()
	if pem, err := os.ReadFile(file); err == nil {
		pool.AppendCertsFromPEM(pem)
	}
	return &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12}
}

func endpoint() string { return os.Getenv("BENCH_ENDPOINT") }
