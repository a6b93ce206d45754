package storagetest_test

import (
	"net/url"
	"strings"
)

func keyWays() map[string]ways {
	return map[string]ways{
		"keys may be odd": {
			"they are percent-decoded": func(h *hooks) {
				renaming(h, func(key string) string {
					if decoded, err := url.PathUnescape(key); err == nil {
						return decoded
					}
					return key
				})
			},
			"case is folded":         func(h *hooks) { renaming(h, strings.ToLower) },
			"a backslash is a slash": func(h *hooks) { renaming(h, func(key string) string { return strings.ReplaceAll(key, `\`, "/") }) },
		},
		"keys may be long": {
			"they are cut at 255 bytes": func(h *hooks) {
				renaming(h, func(key string) string { return key[:min(len(key), 255)] })
			},
			"their last element is cut at 128 bytes": func(h *hooks) {
				renaming(h, func(key string) string {
					last := strings.LastIndexByte(key, '/') + 1
					return key[:min(len(key), last+128)]
				})
			},
		},
	}
}
