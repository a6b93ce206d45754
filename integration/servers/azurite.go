package servers

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"
)

// Azurite is a running emulator of Azure Blob Storage, with one account. It is safe
// for use by many goroutines at once.
type Azurite struct {
	Endpoint string // "http://127.0.0.1:34567/cairn", with the account
	Account  string
	Key      string // of the account, in base64
}

var _ Witness = (*Azurite)(nil)

// StartAzurite runs the emulator, with its data in memory, until the test ends.
// "make azurite" installs it.
func StartAzurite(t testing.TB) *Azurite {
	t.Helper()
	var key [64]byte
	rand.Read(key[:]) // never fails
	a := &Azurite{Account: "cairn", Key: base64.StdEncoding.EncodeToString(key[:])}
	address := program{
		name:  "azurite-blob",
		built: "azurite",
		args: func(address string) []string {
			host, port, _ := strings.Cut(address, ":")
			return []string{"--blobHost", host, "--blobPort", port, "--inMemoryPersistence",
				"--silent", "--disableTelemetry", "--skipApiVersionCheck"}
		},
		env: append(os.Environ(), "AZURITE_ACCOUNTS="+a.Account+":"+a.Key),
		// Another emulator on this port would not take our key.
		ready: func(ctx context.Context, address string) error {
			there := *a
			there.Endpoint = "http://" + address + "/" + a.Account
			_, err := there.do(ctx, http.MethodGet, "", "comp=list", nil)
			return err
		},
	}.start(t)
	a.Endpoint = "http://" + address + "/" + a.Account
	return a
}

// MakeBucket makes a container.
func (a *Azurite) MakeBucket(ctx context.Context, bucket string) error {
	_, err := a.do(ctx, http.MethodPut, bucket, "restype=container", nil)
	return err
}

// Put writes an object.
func (a *Azurite) Put(ctx context.Context, bucket, key string, data []byte) error {
	_, err := a.do(ctx, http.MethodPut, bucket+"/"+escapePath(key), "", data)
	return err
}

// Get reads an object.
func (a *Azurite) Get(ctx context.Context, bucket, key string) ([]byte, error) {
	return a.do(ctx, http.MethodGet, bucket+"/"+escapePath(key), "", nil)
}

func escapePath(key string) string { return (&url.URL{Path: key}).EscapedPath() }

func (a *Azurite) do(ctx context.Context, method, path, query string, body []byte) ([]byte, error) {
	location := a.Endpoint + "/" + path + "?" + query + "&" + a.Signature("rwdlac")
	request, err := http.NewRequestWithContext(ctx, method, location, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	request.Header.Set("x-ms-blob-type", "BlockBlob")
	request.Header.Set("x-ms-version", "2020-10-02")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err == nil && response.StatusCode >= 300 {
		err = fmt.Errorf("azurite: %s %s: %s: %s", method, path, response.Status, answer)
	}
	return answer, err
}

// Signature returns the parameters of a shared access signature that permits, for an
// hour, what the letters say: "rwdlac" is all.
func (a *Azurite) Signature(permissions string) string {
	end := time.Now().UTC().Add(time.Hour).Format("2006-01-02T15:04:05Z")
	const version, services, types = "2018-11-09", "b", "sco"
	// The empty ones are the start, addresses and protocol.
	signed := strings.Join([]string{a.Account, permissions, services, types, "", end, "", "", version, ""}, "\n")
	key, _ := base64.StdEncoding.DecodeString(a.Key) // which was encoded by us
	sum := hmac.New(sha256.New, key)
	sum.Write([]byte(signed))
	return url.Values{
		"sv": {version}, "ss": {services}, "srt": {types}, "sp": {permissions}, "se": {end},
		"sig": {base64.StdEncoding.EncodeToString(sum.Sum(nil))},
	}.Encode()
}
