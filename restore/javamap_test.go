package restore

import (
	"slices"
	"testing"
)

// The orders were printed by java.util.HashMap of OpenJDK 17: by put into a map
// of CollectionUtil.newHashMapWithExpectedSize, and by computeIfAbsent.
func TestJavaOrder(t *testing.T) {
	for _, test := range []struct{ inserted, put, computed []string }{
		{
			[]string{"op-state-1", "op-state-2", "op-state-3"},
			[]string{"op-state-1", "op-state-3", "op-state-2"},
			[]string{"op-state-1", "op-state-3", "op-state-2"},
		},
		{
			[]string{"x0", "x1", "x2", "x3", "x4", "x5", "x6", "x7", "x8", "x9", "x10", "x11", "x12"},
			[]string{"x8", "x9", "x10", "x0", "x12", "x1", "x11", "x2", "x3", "x4", "x5", "x6", "x7"},
			[]string{"x8", "x9", "x10", "x12", "x0", "x11", "x1", "x2", "x3", "x4", "x5", "x6", "x7"},
		},
		{
			[]string{"bb", "zz", "a"},
			[]string{"bb", "zz", "a"},
			[]string{"zz", "bb", "a"},
		},
		{
			[]string{"source-reader-state", "SourceReaderState", "_default_", "topic-partition-offset-states", "writer-state", "committable"},
			[]string{"SourceReaderState", "writer-state", "_default_", "committable", "source-reader-state", "topic-partition-offset-states"},
			[]string{"SourceReaderState", "_default_", "source-reader-state", "writer-state", "committable", "topic-partition-offset-states"},
		},
		{
			[]string{"state-0", "state-1", "state-2", "state-3", "state-4", "state-5", "state-6", "state-7", "state-8", "state-9", "state-10", "state-11", "state-12", "state-13", "state-14", "state-15", "state-16", "state-17", "state-18", "state-19", "state-20", "state-21", "state-22", "state-23", "state-24", "state-25", "state-26", "state-27", "state-28", "state-29"},
			[]string{"state-10", "state-12", "state-11", "state-14", "state-13", "state-7", "state-27", "state-6", "state-26", "state-5", "state-29", "state-4", "state-28", "state-9", "state-8", "state-3", "state-2", "state-1", "state-0", "state-21", "state-20", "state-23", "state-22", "state-25", "state-24", "state-16", "state-15", "state-18", "state-17", "state-19"},
			[]string{"state-10", "state-12", "state-11", "state-14", "state-13", "state-27", "state-7", "state-26", "state-6", "state-29", "state-5", "state-28", "state-4", "state-9", "state-8", "state-3", "state-2", "state-1", "state-0", "state-21", "state-20", "state-23", "state-22", "state-25", "state-24", "state-16", "state-15", "state-18", "state-17", "state-19"},
		},
		{
			[]string{"\u00e9tat", "\u72b6\u614b", "\U0001f600", "\xed\xa0\x80x", "", "z"},
			[]string{"\U0001f600", "", "\xed\xa0\x80x", "z", "\u72b6\u614b", "\u00e9tat"},
			[]string{"", "\xed\xa0\x80x", "\u00e9tat", "\U0001f600", "z", "\u72b6\u614b"},
		},
		{
			[]string{"n1", "n15", "n26", "n37", "n48", "n59", "n120", "n131", "n142", "n153", "x"},
			[]string{"n1", "n15", "n37", "n59", "n131", "n153", "n26", "n48", "n120", "n142", "x"},
			[]string{"n1", "n153", "n131", "n59", "n37", "n15", "n142", "n120", "n48", "n26", "x"},
		},
		{
			[]string{"AaAaAa", "BBAaAa", "AaBBAa", "BBBBAa", "AaAaBB", "BBAaBB", "AaBBBB", "x"},
			[]string{"AaAaAa", "BBAaAa", "AaBBAa", "BBBBAa", "AaAaBB", "BBAaBB", "AaBBBB", "x"},
			[]string{"AaBBBB", "BBAaBB", "AaAaBB", "BBBBAa", "AaBBAa", "BBAaAa", "AaAaAa", "x"},
		},
	} {
		if got := javaPutOrder(test.inserted); !slices.Equal(got, test.put) {
			t.Errorf("put %q:\n%q, want\n%q", test.inserted, got, test.put)
		}
		if got := javaComputeOrder(test.inserted); !slices.Equal(got, test.computed) {
			t.Errorf("computed %q:\n%q, want\n%q", test.inserted, got, test.computed)
		}
	}
}

func TestJavaSizedCapacity(t *testing.T) {
	// As CollectionUtil.computeRequiredCapacity and HashMap.tableSizeFor have it.
	for expected, want := range map[int]int{0: 1, 1: 2, 2: 4, 3: 4, 4: 8, 6: 8, 7: 16, 12: 16, 13: 32} {
		if got := javaSizedCapacity(expected); got != want {
			t.Errorf("capacity for %d = %d, want %d", expected, got, want)
		}
	}
}
