package main

import (
	"bufio"
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// signed is a floor that does with small objects all that a client is asked to: it
// signs each request, by the three headers that a signature must have, makes a file of
// each object, and an object of each file. It goes on by itself, without waking anybody.
type signed struct {
	floor
	date, scope string
	key         []byte
}

const nothing = "UNSIGNED-PAYLOAD"

func newSigned(f floor) *signed {
	now := time.Now().UTC()
	s := &signed{floor: f, date: now.Format("20060102T150405Z"), scope: now.Format("20060102") + "/us-east-1/s3/aws4_request"}
	s.key = []byte("AWS4" + secretKey)
	for part := range strings.SplitSeq(s.scope, "/") {
		s.key = mac(s.key, part)
	}
	return s
}

func mac(key []byte, text string) []byte {
	sum := hmac.New(sha256.New, key)
	sum.Write([]byte(text))
	return sum.Sum(nil)
}

// sign returns the headers of a request, signed.
func (s *signed) sign(method, path string) []string {
	sum := sha256.Sum256([]byte(method + "\n" + (&url.URL{Path: path}).EscapedPath() + "\n\nhost:" + s.host +
		"\nx-amz-content-sha256:" + nothing + "\nx-amz-date:" + s.date + "\n\nhost;x-amz-content-sha256;x-amz-date\n" + nothing))
	signature := hex.EncodeToString(mac(s.key, "AWS4-HMAC-SHA256\n"+s.date+"\n"+s.scope+"\n"+hex.EncodeToString(sum[:])))
	return []string{
		"X-Amz-Content-Sha256: " + nothing, "X-Amz-Date: " + s.date,
		"Authorization: AWS4-HMAC-SHA256 Credential=" + accessKey + "/" + s.scope +
			", SignedHeaders=host;x-amz-content-sha256;x-amz-date, Signature=" + signature,
	}
}

// smallReader takes the head of an answer and a small object at once.
const smallReader = 72 << 10

func (s *signed) downSmall(prefix, folder string, names []string) error {
	return s.small(names, func(l *lane, name string) error {
		if l.reader.Size() < smallReader {
			l.reader = bufio.NewReaderSize(l.Conn, smallReader)
		}
		key := path(prefix + "/" + name)
		if err := l.ask("GET", key, nil, 0, s.sign("GET", key)...); err != nil {
			return err
		}
		return into(filepath.Join(folder, name), func(f *os.File) error {
			_, length, err := l.head()
			for err == nil && length > 0 {
				var data []byte
				if data, err = l.reader.Peek(int(min(length, smallReader))); err != nil {
					break
				}
				length -= int64(len(data))
				if _, err = f.Write(data); err == nil {
					_, err = l.reader.Discard(len(data))
				}
			}
			return err
		})
	})
}

func (s *signed) upSmall(folder, prefix string, names []string) error {
	return s.small(names, func(l *lane, name string) error {
		content, err := l.load(filepath.Join(folder, name))
		if err != nil {
			return err
		}
		key := path(prefix + "/" + name)
		if err := l.ask("PUT", key, bytes.NewReader(content), int64(len(content)), s.sign("PUT", key)...); err != nil {
			return err
		}
		_, err = l.answer()
		return err
	})
}

// load reads a file into the lane's buffer.
func (l *lane) load(name string) ([]byte, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return nil, err
	}
	content := l.buffer[:info.Size()]
	_, err = io.ReadFull(file, content)
	return content, err
}
