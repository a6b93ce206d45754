package cdk

import (
	"context"
	"io"

	"gocloud.dev/blob"
)

// sink is what a writer writes to. It commits when it is closed, unless its
// context is done by then.
func (b *Backend) sink(ctx context.Context, key string, opts *blob.WriterOptions) (io.WriteCloser, error) {
	if !driverOf(b.root.Scheme).uploads {
		return b.bucket.NewWriter(ctx, key, opts)
	}
	read, write := io.Pipe()
	u := &upload{PipeWriter: write, ctx: ctx, done: make(chan error, 1)}
	go func() {
		err := b.bucket.Upload(ctx, key, read, opts)
		read.CloseWithError(err) // so that nobody waits for a reader that is gone
		u.done <- err
	}()
	return u, nil
}

// upload is a sink whose driver reads. gocloud's driver of Azure panics when it is
// written to and its request fails, an exclusive creation that lost included; it
// closes a pipe that it has let go. It does not if it is given one. Other drivers
// are written to: they would commit what they have if they fail while they read.
type upload struct {
	*io.PipeWriter
	ctx  context.Context
	done chan error
}

func (u *upload) Close() error {
	if err := u.ctx.Err(); err != nil {
		u.CloseWithError(err)
	} else {
		u.PipeWriter.Close()
	}
	return <-u.done
}
