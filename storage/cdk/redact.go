package cdk

import (
	"errors"
	"net/url"
	"regexp"
	"strconv"
	"strings"

	"github.com/cairnstate/cairn/storage/backend"
)

// location returns the root as drivers take it.
func location(root backend.Root) *url.URL {
	return &url.URL{Scheme: root.Scheme, Host: root.Authority, RawQuery: root.Params.Encode()}
}

// redactParams returns the words of a driver that could not open the root. Most
// drivers repeat the whole location, and in its parameters there may be a secret;
// so the driver's own error is not kept either.
func redactParams(err error, root backend.Root) error {
	text := strings.ReplaceAll(err.Error(), location(root).String(), root.String())
	for _, values := range root.Params {
		for _, value := range values {
			if len(value) < 4 { // "1" is no secret, and is everywhere
				continue
			}
			quoted := strconv.Quote(value)
			for _, form := range []string{value, url.QueryEscape(value), url.PathEscape(value), quoted[1 : len(quoted)-1]} {
				text = strings.ReplaceAll(text, form, "…")
			}
		}
	}
	return errors.New(redact(text))
}

// redact cuts the queries and the users out of the URLs in the text: some stores
// are asked with the signature in the URL, and net/http puts that into errors.
func redact(text string) string {
	text = regexp.MustCompile(`(://[^\s"'?]*)\?[^\s"']*`).ReplaceAllString(text, "$1?…")
	return regexp.MustCompile(`://[^\s"'/@]*@`).ReplaceAllString(text, "://…@")
}
