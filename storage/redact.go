package storage

import "strings"

// redact returns the text of a pointer for people, without what may be a secret in
// it: a password before the host, and the values of a query that somebody left on
// it. Both have been pasted into pointers, and errors end up in tickets.
func redact(text string) string {
	if query := strings.IndexByte(text, '?'); query >= 0 && strings.Contains(text[query:], "=") {
		text = text[:query] + "?…"
	}
	start := strings.Index(text, "//")
	if start < 0 {
		return text
	}
	authority, path := splitAuthority(text[start:])
	at := strings.LastIndexByte(authority, '@')
	if at < 0 {
		return text
	}
	user, _, secret := strings.Cut(authority[:at], ":")
	if !secret {
		return text
	}
	return text[:start] + "//" + user + ":…" + authority[at:] + path
}
