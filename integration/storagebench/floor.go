package main

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/textproto"
	"net/url"
	"os"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
	"golang.org/x/sync/errgroup"
)

// floor is no client, but what no client can do without: it has the server send, and
// throws away what comes without looking at it, over plain TCP even without copying it
// out of the kernel; it sends what is in memory or in the page cache, unsigned and
// unchecked. Nobody who moves data can be faster, or take less CPU, by more than its
// distance to him. The bucket is open to everybody, so that nothing need be signed. If
// it keeps, it also makes a file of what it gets, as a download is to, by moving it
// there within the kernel if that can be. If it signs, see signed.
type floor struct {
	host  string
	tls   *tls.Config
	lanes int
	keeps bool
	signs bool
}

const floorPart = 16 << 20

func openFloor(name string) (library, error) {
	u, err := url.Parse(endpoint())
	if err != nil {
		return nil, err
	}
	f := floor{host: u.Host, lanes: 4, keeps: name == floorKept, signs: name == floorSigned}
	if f.keeps {
		f.lanes = 2 // more of them wait for each other at the file
	}
	if u.Scheme == "https" {
		f.tls = trust(os.Getenv("SSL_CERT_FILE"))
	}
	return f, nil
}

// openToAll lets everybody read and write.
func openToAll(ctx context.Context) error {
	u, err := url.Parse(endpoint())
	if err != nil {
		return err
	}
	client, err := minio.New(u.Host, &minio.Options{Creds: credentials.NewStaticV4(accessKey, secretKey, ""), Region: "us-east-1"})
	if err != nil {
		return err
	}
	return client.SetBucketPolicy(ctx, bucket, `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*",
		"Action":["s3:GetObject","s3:PutObject","s3:ListMultipartUploadParts","s3:AbortMultipartUpload"],"Resource":"arn:aws:s3:::`+bucket+`/*"}]}`)
}

// lane is a connection that one request after another goes through.
type lane struct {
	net.Conn
	host   string
	reader *bufio.Reader
	buffer []byte
}

func (f floor) dial() (*lane, error) {
	conn, err := net.Dial("tcp", f.host)
	if err == nil && f.tls != nil {
		config := f.tls.Clone()
		config.ServerName, _, _ = strings.Cut(f.host, ":")
		conn = tls.Client(together(conn), config)
	}
	if err != nil {
		return nil, err
	}
	return &lane{Conn: conn, host: f.host, reader: bufio.NewReader(conn), buffer: make([]byte, 1<<18)}, nil
}

// gathering has TLS records travel together: what is written goes when an answer is
// read.
type gathering struct {
	net.Conn
	in  *bufio.Reader
	out *bufio.Writer
}

func together(conn net.Conn) net.Conn {
	return gathering{conn, bufio.NewReaderSize(conn, 1<<17), bufio.NewWriterSize(conn, 1<<17)}
}

func (g gathering) Write(p []byte) (int, error) { return g.out.Write(p) }

func (g gathering) Read(p []byte) (int, error) {
	if err := g.out.Flush(); err != nil {
		return 0, err
	}
	return g.in.Read(p)
}

// ask sends the head of a request, and the body if there is one.
func (l *lane) ask(method, path string, body io.Reader, size int64, headers ...string) error {
	var head bytes.Buffer
	fmt.Fprintf(&head, "%s %s HTTP/1.1\r\nHost: %s\r\nContent-Length: %d\r\n", method, path, l.host, size)
	for _, header := range headers {
		head.WriteString(header + "\r\n")
	}
	head.WriteString("\r\n")
	if _, err := l.Write(head.Bytes()); err != nil || body == nil {
		return err
	}
	if _, ok := l.Conn.(*net.TCPConn); ok {
		_, err := io.Copy(l.Conn, io.LimitReader(body, size)) // sendfile
		return err
	}
	_, err := io.CopyBuffer(struct{ io.Writer }{l.Conn}, io.LimitReader(body, size), l.buffer)
	return err
}

// answer reads the head of the answer and throws its body away.
func (l *lane) answer() (http.Header, error) {
	header, length, err := l.head()
	if err != nil {
		return nil, err
	}
	return header, l.drop(length)
}

func (l *lane) head() (header http.Header, length int64, err error) {
	text := textproto.NewReader(l.reader)
	line, err := text.ReadLine()
	if err != nil {
		return nil, 0, err
	}
	fields, err := text.ReadMIMEHeader()
	if err != nil {
		return nil, 0, err
	}
	if !strings.HasPrefix(line, "HTTP/1.1 2") {
		return nil, 0, errors.New(line)
	}
	length, err = strconv.ParseInt(fields.Get("Content-Length"), 10, 64)
	if err != nil {
		return nil, 0, fmt.Errorf("%s: no length", line)
	}
	return http.Header(fields), length, nil
}

func (l *lane) drop(length int64) error {
	read, err := l.reader.Discard(int(min(length, int64(l.reader.Buffered()))))
	length -= int64(read)
	if err != nil || length == 0 {
		return err
	}
	if conn, ok := l.Conn.(*net.TCPConn); ok {
		return forget(conn, length, l.buffer)
	}
	_, err = io.CopyBuffer(struct{ io.Writer }{io.Discard}, io.LimitReader(l.Conn, length), l.buffer)
	return err
}

// forget has the kernel drop what comes.
func forget(conn *net.TCPConn, length int64, buffer []byte) error {
	raw, err := conn.SyscallConn()
	if err != nil {
		return err
	}
	var failed error
	err = raw.Read(func(fd uintptr) bool {
		for length > 0 {
			n, _, err := syscall.Recvfrom(int(fd), buffer[:min(length, int64(len(buffer)))], syscall.MSG_TRUNC)
			switch {
			case err == syscall.EAGAIN:
				return false
			case err == syscall.EINTR:
			case err != nil || n == 0:
				failed = errors.Join(err, io.ErrUnexpectedEOF)
				return true
			default:
				length -= int64(n)
			}
		}
		return true
	})
	return errors.Join(err, failed)
}

// down has an object sent, as one range for each lane.
func (f floor) down(_ context.Context, key, name string) error {
	size, err := f.size(key)
	if err != nil {
		return err
	}
	take := func(l *lane, _ int64) error { _, err := l.answer(); return err }
	if f.keeps {
		file, err := os.Create(name)
		if err != nil {
			return err
		}
		defer file.Close()
		kept := &kept{file: file}
		take = func(l *lane, at int64) error { return kept.answer(l, at) }
	}
	return f.each(size, (size+int64(f.lanes)-1)/int64(f.lanes), func(l *lane, _ int, at, length int64) error {
		if err := l.ask("GET", path(key), nil, 0, fmt.Sprintf("Range: bytes=%d-%d", at, at+length-1)); err != nil {
			return err
		}
		return take(l, at)
	})
}

func (f floor) size(key string) (int64, error) {
	first, err := f.dial()
	if err != nil {
		return 0, err
	}
	defer first.Close()
	if err := first.ask("HEAD", path(key), nil, 0); err != nil {
		return 0, err
	}
	_, size, err := first.head()
	return size, err
}

// each has the lanes work off the parts of an object.
func (f floor) each(size, part int64, do func(l *lane, number int, at, length int64) error) error {
	var group errgroup.Group
	var next atomic.Int64
	for range f.lanes {
		group.Go(func() error {
			l, err := f.dial()
			if err != nil {
				return err
			}
			defer l.Close()
			for {
				number := next.Add(1) - 1
				at := number * part
				if at >= size {
					return nil
				}
				if err := do(l, int(number)+1, at, min(part, size-at)); err != nil {
					return err
				}
			}
		})
	}
	return group.Wait()
}

func path(key string) string { return "/" + bucket + "/" + key }

// up sends a file in parts, out of the page cache.
func (f floor) up(ctx context.Context, file, key string) error {
	if f.keeps {
		return errNotDone
	}
	info, err := os.Stat(file)
	if err != nil {
		return err
	}
	u, err := url.Parse(endpoint())
	if err != nil {
		return err
	}
	client, err := minio.New(u.Host, &minio.Options{Creds: credentials.NewStaticV4(accessKey, secretKey, ""), Secure: f.tls != nil, Region: "us-east-1"})
	if err != nil {
		return err
	}
	core := minio.Core{Client: client}
	id, err := core.NewMultipartUpload(ctx, bucket, key, minio.PutObjectOptions{})
	if err != nil {
		return err
	}
	parts := make([]minio.CompletePart, (info.Size()+floorPart-1)/floorPart)
	err = f.each(info.Size(), floorPart, func(l *lane, number int, at, length int64) error {
		body, err := os.Open(file)
		if err != nil {
			return err
		}
		defer body.Close()
		if _, err := body.Seek(at, io.SeekStart); err != nil {
			return err
		}
		target := fmt.Sprintf("%s?partNumber=%d&uploadId=%s", path(key), number, url.QueryEscape(id))
		if err := l.ask("PUT", target, body, length); err != nil {
			return err
		}
		header, err := l.answer()
		parts[number-1] = minio.CompletePart{PartNumber: number, ETag: strings.Trim(header.Get("Etag"), `"`)}
		return err
	})
	if err != nil {
		return err
	}
	_, err = core.CompleteMultipartUpload(ctx, bucket, key, id, parts, minio.PutObjectOptions{})
	return err
}

func (f floor) stream(context.Context, io.Reader, string) error {
	return errNotDone
}

// small moves many small objects, each by one request, through as many lanes as the
// others have requests at once.
func (f floor) small(names []string, do func(l *lane, name string) error) error {
	var group errgroup.Group
	var next atomic.Int64
	for range atOnce {
		group.Go(func() error {
			l, err := f.dial()
			if err != nil {
				return err
			}
			defer l.Close()
			for {
				i := int(next.Add(1)) - 1
				if i >= len(names) {
					return nil
				}
				if err := do(l, names[i]); err != nil {
					return err
				}
			}
		})
	}
	return group.Wait()
}

// many does a discipline of small objects.
func (f floor) many(discipline string, args []string) error {
	if discipline == "down-small" {
		if f.signs {
			return newSigned(f).downSmall(args[0], args[1], args[2:])
		}
		return f.downSmall(args[0], args[2:])
	}
	names, err := listFolder(args[0])
	if err != nil {
		return err
	}
	if f.signs {
		return newSigned(f).upSmall(args[0], args[1], names)
	}
	return f.upSmall(args[0], args[1], names)
}

func (f floor) downSmall(prefix string, names []string) error {
	return f.small(names, func(l *lane, name string) error {
		if err := l.ask("GET", path(prefix+"/"+name), nil, 0); err != nil {
			return err
		}
		_, err := l.answer()
		return err
	})
}

func (f floor) upSmall(folder, prefix string, names []string) error {
	if len(names) == 0 {
		return nil
	}
	content, err := os.ReadFile(folder + "/" + names[0])
	if err != nil {
		return err
	}
	return f.small(names, func(l *lane, name string) error {
		if err := l.ask("PUT", path(prefix+"/"+name), bytes.NewReader(content), int64(len(content))); err != nil {
			return err
		}
		_, err := l.answer()
		return err
	})
}
