package main

import (
	"context"
	"io"
	"net/url"
	"os"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsconfig "github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/feature/s3/transfermanager"
	awss3 "github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
	"gocloud.dev/blob"
	"gocloud.dev/blob/s3blob"
	"golang.org/x/sync/errgroup"

	"github.com/cairnstate/cairn/storage/backend"
	"github.com/cairnstate/cairn/storage/s3"
)

// cairn is storage/s3. Tuned, it has three ranges or parts at once, and
// neither sends nor compares checksums, as the others do not.
type cairn struct{ backend.Backend }

func openCairn(ctx context.Context, tuned bool) (library, error) {
	params := url.Values{"endpoint": {endpoint()}}
	if tuned {
		params.Set("checksum", "none")
		params.Set("concurrency", "3")
	}
	b, err := s3.Open(ctx, backend.Root{Scheme: "s3", Authority: bucket, Params: params}, nil)
	return cairn{b}, err
}

func (c cairn) down(ctx context.Context, key, file string) error {
	return into(file, func(f *os.File) error {
		_, err := backend.Download(ctx, c.Backend, key, nil, f)
		return err
	})
}

func (c cairn) up(ctx context.Context, file, key string) error {
	return outOf(file, func(f *os.File) error {
		info, err := f.Stat()
		if err != nil {
			return err
		}
		return backend.Upload(ctx, c.Backend, key, nil, f, info.Size())
	})
}

func (c cairn) stream(ctx context.Context, from io.Reader, key string) error {
	w, err := c.Create(ctx, key, nil)
	if err != nil {
		return err
	}
	defer w.Close()
	if _, err := io.Copy(w, from); err != nil {
		return err
	}
	return w.Commit()
}

// minioGo is github.com/minio/minio-go. Tuned, it does not sign what it sends, has
// as many threads as cairn has requests, and is asked for four ranges at once.
type minioGo struct {
	*minio.Client
	put   minio.PutObjectOptions
	tuned bool
}

func openMinIO(tuned bool) (library, error) {
	u, err := url.Parse(endpoint())
	if err != nil {
		return nil, err
	}
	client, err := minio.New(u.Host, &minio.Options{
		Creds: credentials.NewStaticV4(accessKey, secretKey, ""), Secure: u.Scheme == "https", Region: "us-east-1",
	})
	l := minioGo{Client: client, tuned: tuned}
	if tuned {
		l.put = minio.PutObjectOptions{DisableContentSha256: true, NumThreads: 4, PartSize: 16 << 20}
	}
	return l, err
}

func (m minioGo) down(ctx context.Context, key, file string) error {
	if !m.tuned {
		return m.FGetObject(ctx, bucket, key, file, minio.GetObjectOptions{})
	}
	info, err := m.StatObject(ctx, bucket, key, minio.GetObjectOptions{})
	if err != nil {
		return err
	}
	return into(file, func(f *os.File) error {
		group, ctx := errgroup.WithContext(ctx)
		group.SetLimit(4)
		for at := int64(0); at < info.Size; at += 16 << 20 {
			group.Go(func() error { return m.part(ctx, key, at, min(at+16<<20, info.Size), f) })
		}
		return group.Wait()
	})
}

func (m minioGo) part(ctx context.Context, key string, first, end int64, f *os.File) error {
	opts := minio.GetObjectOptions{}
	if err := opts.SetRange(first, end-1); err != nil {
		return err
	}
	core := minio.Core{Client: m.Client}
	body, _, _, err := core.GetObject(ctx, bucket, key, opts)
	if err != nil {
		return err
	}
	defer body.Close()
	_, err = io.CopyBuffer(io.NewOffsetWriter(f, first), body, make([]byte, 1<<20))
	return err
}

func (m minioGo) up(ctx context.Context, file, key string) error {
	_, err := m.FPutObject(ctx, bucket, key, file, m.put)
	return err
}

func (m minioGo) stream(ctx context.Context, from io.Reader, key string) error {
	put := m.put
	if m.tuned {
		put.ConcurrentStreamParts = true
	}
	_, err := m.PutObject(ctx, bucket, key, from, -1, put)
	return err
}

// manager is the transfer manager of AWS. Tuned, it has larger parts and no
// checksums in trailers.
type manager struct{ *transfermanager.Client }

func awsClient(ctx context.Context, tuned bool) (*awss3.Client, error) {
	cfg, err := awsconfig.LoadDefaultConfig(ctx)
	if err != nil {
		return nil, err
	}
	if tuned {
		cfg.RequestChecksumCalculation = aws.RequestChecksumCalculationWhenRequired
		cfg.ResponseChecksumValidation = aws.ResponseChecksumValidationWhenRequired
	}
	return awss3.NewFromConfig(cfg, func(o *awss3.Options) { o.BaseEndpoint, o.UsePathStyle = aws.String(endpoint()), true }), nil
}

func openManager(ctx context.Context, tuned bool) (library, error) {
	client, err := awsClient(ctx, tuned)
	if err != nil {
		return nil, err
	}
	return manager{transfermanager.New(client, func(o *transfermanager.Options) {
		if tuned {
			o.PartSizeBytes, o.Concurrency = 16<<20, 4
		}
	})}, nil
}

func (m manager) down(ctx context.Context, key, file string) error {
	return into(file, func(f *os.File) error {
		_, err := m.DownloadObject(ctx, &transfermanager.DownloadObjectInput{Bucket: aws.String(bucket), Key: &key, WriterAt: f})
		return err
	})
}

func (m manager) up(ctx context.Context, file, key string) error {
	return outOf(file, func(f *os.File) error { return m.stream(ctx, f, key) })
}

func (m manager) stream(ctx context.Context, from io.Reader, key string) error {
	_, err := m.UploadObject(ctx, &transfermanager.UploadObjectInput{Bucket: aws.String(bucket), Key: &key, Body: from})
	return err
}

// blobs is gocloud.dev/blob/s3blob. Tuned, it has larger parts and no checksums in
// trailers.
type blobs struct {
	*blob.Bucket
	opts *blob.WriterOptions
}

func openBlob(ctx context.Context, tuned bool) (library, error) {
	client, err := awsClient(ctx, tuned)
	if err != nil {
		return nil, err
	}
	opened, err := s3blob.OpenBucket(ctx, client, bucket, nil)
	opts := &blob.WriterOptions{ContentType: "application/octet-stream"}
	if tuned {
		opts.BufferSize, opts.MaxConcurrency = 16<<20, 4
	}
	return blobs{opened, opts}, err
}

func (b blobs) down(ctx context.Context, key, file string) error {
	return into(file, func(f *os.File) error { return b.Download(ctx, key, f, nil) })
}

func (b blobs) up(ctx context.Context, file, key string) error {
	return outOf(file, func(f *os.File) error { return b.Upload(ctx, key, f, b.opts) })
}

func (b blobs) stream(ctx context.Context, from io.Reader, key string) error {
	return b.Upload(ctx, key, from, b.opts)
}

func into(file string, write func(*os.File) error) error {
	f, err := os.Create(file)
	if err != nil {
		return err
	}
	if err := write(f); err != nil {
		f.Close()
		return err
	}
	return f.Close()
}

func outOf(file string, read func(*os.File) error) error {
	f, err := os.Open(file)
	if err != nil {
		return err
	}
	defer f.Close()
	return read(f)
}
