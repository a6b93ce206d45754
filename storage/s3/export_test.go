package s3

import "context"

// MakeReadOnlyBehind guards the client of a backend that does not know of it.
func MakeReadOnlyBehind(b *Backend) { b.client.options.ReadOnly = true }

// AbortBehind sends what Close sends of an upload that was begun.
func AbortBehind(ctx context.Context, b *Backend) {
	if calls, err := b.client.get(ctx); err == nil {
		_ = calls.abortUpload(ctx, "k", "upload1")
	}
}
