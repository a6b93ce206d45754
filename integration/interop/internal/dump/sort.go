package dump

import (
	"cmp"
	"slices"
)

// SortFiles orders the files of all incremental handles by name, in place. Until
// 1.15 Flink held them in hash maps, and so tells them in no order.
func SortFiles(description any) {
	switch v := description.(type) {
	case object:
		for key, value := range v {
			SortFiles(value)
			if key == "shared" || key == "private" {
				slices.SortFunc(value.(list), byLocalPath)
			}
		}
	case list:
		for _, element := range v {
			SortFiles(element)
		}
	}
}

func byLocalPath(a, b any) int {
	return cmp.Compare(show(a.(object)["localPath"]), show(b.(object)["localPath"]))
}
