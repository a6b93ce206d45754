package metadata_test

import (
	"maps"
	"reflect"
	"strings"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/checkpoint/metadata"
)

// handlesOf counts the handles in a file by the name of Flink's class, the way
// Flink's own count in expected.json is made: by walking all fields.
func handlesOf(f *metadata.File) map[string]int {
	counts := map[string]int{}
	countHandles(reflect.ValueOf(f.Operators), counts)
	return counts
}

func countHandles(v reflect.Value, counts map[string]int) {
	switch v.Kind() {
	case reflect.Slice:
		for i := range v.Len() {
			countHandles(v.Index(i), counts)
		}
	case reflect.Interface:
		countHandles(v.Elem(), counts)
	case reflect.Pointer:
		if v.IsNil() {
			return
		}
		if name := flinkClass(v.Interface()); name != "" {
			counts[name]++
		}
		countHandles(v.Elem(), counts)
	case reflect.Struct:
		for i := range v.NumField() {
			countHandles(v.Field(i), counts)
		}
	}
}

// flinkClass returns Flink's name for the class of a handle; "" for what is none.
func flinkClass(v any) string {
	switch h := v.(type) {
	case *checkpoint.KeyGroupsStateHandle:
		if h.Encoding == checkpoint.KeyGroupsSavepoint {
			return "KeyGroupsSavepointStateHandle"
		}
	case *checkpoint.FileMergingOperatorStreamStateHandle:
		if h.Empty {
			return "EmptyFileMergingOperatorStreamStateHandle"
		}
	case *checkpoint.ChangelogStateBackendHandle:
		return "ChangelogStateBackendHandleImpl"
	case *checkpoint.ChangelogFileStateHandle:
		return "ChangelogStateHandleStreamImpl"
	case *checkpoint.SingleChannelStateHandle, *checkpoint.MergedChannelStateHandle:
		return "ChannelStateHandle"
	}
	name := reflect.TypeOf(v).Elem().Name()
	if !strings.HasSuffix(name, "Handle") {
		return ""
	}
	return name
}

// withoutDirectories makes Flink's count comparable with ours, in place: Flink
// has handles for the two directories of file merging where we have strings, and
// knows input channels from result subpartitions by class, where we know them by
// place. It returns ours, for the sake of the caller.
func withoutDirectories(flink, ours map[string]int) map[string]int {
	delete(flink, "DirectoryStreamStateHandle")
	for _, name := range []string{
		"InputChannelStateHandle", "ResultSubpartitionStateHandle",
		"MergedInputChannelStateHandle", "MergedResultSubpartitionStateHandle",
	} {
		if n := flink[name]; n > 0 {
			flink["ChannelStateHandle"] += n
			delete(flink, name)
		}
	}
	maps.DeleteFunc(flink, func(_ string, n int) bool { return n == 0 })
	return ours
}
