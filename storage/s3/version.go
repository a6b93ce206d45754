package s3

import "strings"

// A version is the entity tag, which the store compares but which two objects of
// the same content share, and a mark, which none shares: the store's id of the
// version, or else the random token of who wrote it.

// markOf returns the mark of an object.
func markOf(versionID, token string) string {
	if versionID != "" && versionID != "null" {
		return versionID
	}
	return token
}

// versionOf returns the version, or nothing if the store tells no entity tag.
func versionOf(etag, mark string) string {
	if etag == "" || mark == "" {
		return etag
	}
	return etag + " " + mark
}

// splitVersion returns the entity tag and the mark; the mark may be empty.
func splitVersion(version string) (etag, mark string) {
	etag, mark, _ = strings.Cut(version, " ")
	return etag, mark
}

// is says whether the object has the version.
func (f *found) is(version string) bool {
	etag, mark := splitVersion(version)
	return etag == f.etag && mark == f.mark
}
