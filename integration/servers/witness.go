package servers

import "context"

// Witness puts objects into a store and reads them back without any of our code,
// so that what our code says of the store can be doubted.
type Witness interface {
	MakeBucket(ctx context.Context, bucket string) error
	Put(ctx context.Context, bucket, key string, data []byte) error
	Get(ctx context.Context, bucket, key string) ([]byte, error)
}
