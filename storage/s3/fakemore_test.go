package s3_test

import (
	"encoding/xml"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// deleteBatch answers DeleteObjects, quietly.
func (f *fake) deleteBatch(w http.ResponseWriter, r *http.Request, body []byte) {
	var asked struct {
		Object []struct{ Key string }
		Quiet  bool
	}
	if err := xml.Unmarshal(body, &asked); err != nil || !asked.Quiet || len(asked.Object) > 1000 || r.Header.Get("Content-Md5") == "" {
		refuse(w, 400, "MalformedXML")
		return
	}
	fmt.Fprint(w, "<DeleteResult>")
	for _, object := range asked.Object {
		if code, kept := f.kept[object.Key]; kept {
			fmt.Fprintf(w, "<Error><Key>%s</Key><Code>%s</Code><Message>words of the store</Message></Error>", escaped(object.Key), code)
			continue
		}
		delete(f.objects, object.Key)
	}
	fmt.Fprint(w, "</DeleteResult>")
}

func escaped(key string) string {
	var text strings.Builder
	_ = xml.EscapeText(&text, []byte(key))
	return text.String()
}

// copy answers CopyObject and UploadPartCopy.
func (f *fake) copy(w http.ResponseWriter, r *http.Request, key string, query url.Values) {
	name, err := url.PathUnescape(strings.TrimPrefix(r.Header.Get("X-Amz-Copy-Source"), "b/"))
	source, ok := f.objects[name]
	match := r.Header.Get("X-Amz-Copy-Source-If-Match")
	switch {
	case err != nil || !ok:
		refuse(w, 404, "NoSuchKey")
	case match != "" && match != etag(source.data):
		refuse(w, 412, "PreconditionFailed")
	case !query.Has("partNumber") && len(source.data) > f.copyLimit:
		refuse(w, 400, "InvalidRequest")
	case !query.Has("partNumber"):
		f.objects[key] = object{source.data, r.Header.Get("X-Amz-Meta-Cairn-Writer")}
		fmt.Fprintf(w, "<CopyObjectResult><ETag>%s</ETag></CopyObjectResult>", etag(source.data))
	default:
		f.copyPart(w, r, query, source.data)
	}
}

func (f *fake) copyPart(w http.ResponseWriter, r *http.Request, query url.Values, data []byte) {
	var first, last int
	if _, err := fmt.Sscanf(r.Header.Get("X-Amz-Copy-Source-Range"), "bytes=%d-%d", &first, &last); err != nil || last >= len(data) {
		refuse(w, 400, "InvalidRange")
		return
	}
	number, _ := strconv.Atoi(query.Get("partNumber"))
	f.uploads[query.Get("uploadId")].parts[number] = data[first : last+1]
	fmt.Fprintf(w, "<CopyPartResult><ETag>%s</ETag></CopyPartResult>", etag(data[first:last+1]))
}
