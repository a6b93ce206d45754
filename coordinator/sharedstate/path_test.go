package sharedstate_test

import (
	"testing"

	"github.com/cairnstate/cairn/coordinator/sharedstate"
)

func TestSamePath(t *testing.T) {
	for _, alike := range [][]string{
		{"s3://b/a/f", "s3a://b/a/f", "s3n://b//a/f", "S3P://b/x/../a/./f", "s3://b/a/f/"},
		{"file:/a/f", "file:///a/f", "/a/f", "a/f", "FILE:/a//f", "file:a/f"},
		{"s3://b", "s3://b/", "s3a://b//", "s3://b/a/..", "s3://b/../.."},
		{"gs://b/a/f"}, {"gs://c/a/f"}, {"gs://b/a/F"}, {"gs://b/a"}, {""}, {"dir/with:colon"}, {"s3://b/a:f"},
	} {
		for _, other := range alike {
			if !sharedstate.SamePath(alike[0], other) {
				t.Errorf("%q and %q are two", alike[0], other)
			}
			for _, unlike := range []string{"s3://b/other", "hdfs://b/a/f", "file:/other"} {
				if sharedstate.SamePath(other, unlike) {
					t.Errorf("%q and %q are one", other, unlike)
				}
			}
		}
	}
	for _, two := range [][2]string{{"gs://b/a/f", "gs://c/a/f"}, {"gs://b/a/f", "gs://b/a/F"}, {"s3://b/a:f", "s3://b/a"}, {"s3://b", "s3://c"}} {
		if sharedstate.SamePath(two[0], two[1]) {
			t.Errorf("%q and %q are one", two[0], two[1])
		}
	}
}
