package faults_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"strings"
)

// within says in an answer of 200 that something failed. Of a batch it is the first
// key; the others are deleted, and if it is to be after the fact, so is the first.
func (b *breaker) within(w http.ResponseWriter, r *http.Request, at request) {
	sent, _ := io.ReadAll(r.Body)
	r.Body = io.NopCloser(bytes.NewReader(sent))
	keys, contentType, body := b.protocol.within(r, b.kind.code, b.kind.says)
	r.Body = io.NopCloser(bytes.NewReader(sent))
	if b.kind.deed == withinAfter {
		b.toStore(r, at)
	} else {
		b.removeAll(keys[min(1, len(keys)):])
	}
	w.Header().Set("Content-Type", contentType)
	_, _ = io.WriteString(w, body)
}

func (b *breaker) removeAll(keys []string) {
	for _, key := range keys {
		if err := b.remove(context.Background(), key); err != nil {
			b.mu.Lock()
			b.err = errors.Join(b.err, err)
			b.mu.Unlock()
		}
	}
}

// S3 completes an upload and copies an object while it answers already, and tells of
// each key of a batch. The plays copy nothing.
func mixedS3(name string) bool {
	return name == "CompleteMultipartUpload" || name == "DeleteObjects"
}

func withinS3(r *http.Request, code int, says string) (keys []string, contentType, body string) {
	var batch struct {
		Object []struct{ Key string }
	}
	if sent, _ := io.ReadAll(r.Body); xml.Unmarshal(sent, &batch) != nil || len(batch.Object) == 0 {
		contentType, body = saysS3(code, says)
		return nil, contentType, body
	}
	for _, object := range batch.Object {
		keys = append(keys, object.Key)
	}
	return keys, "application/xml", fmt.Sprintf(
		"<DeleteResult><Error><Key>%s</Key><Code>%s</Code><Message>by the proxy</Message></Error></DeleteResult>", keys[0], says)
}

func mixedGCS(name string) bool { return name == deleteMany }

// withinGCS answers each request of a batch.
func withinGCS(r *http.Request, code int, says string) (keys []string, contentType, body string) {
	_, params, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	asked := multipart.NewReader(r.Body, params["boundary"])
	var answers strings.Builder
	answer := multipart.NewWriter(&answers)
	for part, err := asked.NextPart(); err == nil; part, err = asked.NextPart() {
		id := strings.Replace(part.Header.Get("Content-Id"), "<", "<response-", 1)
		told, _ := answer.CreatePart(textproto.MIMEHeader{"Content-Type": {"application/http"}, "Content-Id": {id}})
		_, _ = io.WriteString(told, answerOne(len(keys) == 0, code, says))
		keys = append(keys, keyIn(part))
	}
	answer.Close()
	return keys, "multipart/mixed; boundary=" + answer.Boundary(), answers.String()
}

func answerOne(refuse bool, code int, says string) string {
	if !refuse {
		return "HTTP/1.1 204 No Content\r\n\r\n"
	}
	contentType, body := saysGCS(code, says)
	return fmt.Sprintf("HTTP/1.1 %d %s\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n%s", code, says, contentType, len(body), body)
}

func keyIn(part io.Reader) string {
	one, err := http.ReadRequest(bufio.NewReader(part))
	if err != nil {
		return ""
	}
	_, key, _ := strings.Cut(one.URL.Path, "/o/")
	return key
}
