package checkpoint

import "strings"

// JoinPath returns the path of a file below a directory, both in Flink's form.
// It changes nothing in either: whether the file is where it may be is for
// storage to judge, which opens it.
func JoinPath(dir, relative string) string {
	return strings.TrimRight(dir, "/") + "/" + strings.TrimLeft(relative, "/")
}
