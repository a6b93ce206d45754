package restore

import (
	"slices"
	"testing"
)

// The orders were printed by java.util.HashMap of OpenJDK 17.
func TestJavaOrder(t *testing.T) {
	for _, test := range []struct{ inserted, want []string }{
		{[]string{"op-state-1", "op-state-2", "op-state-3"}, []string{"op-state-1", "op-state-3", "op-state-2"}},
		{[]string{"source-reader-state", "SourceReaderState", "_default_", "topic-partition-offset-states", "writer-state", "committable"}, []string{"SourceReaderState", "_default_", "source-reader-state", "writer-state", "committable", "topic-partition-offset-states"}},
		{[]string{"state-0", "state-1", "state-2", "state-3", "state-4", "state-5", "state-6", "state-7", "state-8", "state-9", "state-10", "state-11", "state-12", "state-13", "state-14", "state-15", "state-16", "state-17", "state-18", "state-19", "state-20", "state-21", "state-22", "state-23", "state-24", "state-25", "state-26", "state-27", "state-28", "state-29"}, []string{"state-10", "state-12", "state-11", "state-14", "state-13", "state-7", "state-27", "state-6", "state-26", "state-5", "state-29", "state-4", "state-28", "state-9", "state-8", "state-3", "state-2", "state-1", "state-0", "state-21", "state-20", "state-23", "state-22", "state-25", "state-24", "state-16", "state-15", "state-18", "state-17", "state-19"}},
		{[]string{"\u00e9tat", "\u72b6\u614b", "\U0001f600", "\xed\xa0\x80x", "", "z"}, []string{"", "\xed\xa0\x80x", "\u00e9tat", "\U0001f600", "z", "\u72b6\u614b"}},
		{[]string{"n1", "n15", "n26", "n37", "n48", "n59", "n120", "n131", "n142", "n153", "x"}, []string{"n1", "n15", "n37", "n59", "n131", "n153", "n26", "n48", "n120", "n142", "x"}},
		{[]string{"AaAaAa", "BBAaAa", "AaBBAa", "BBBBAa", "AaAaBB", "BBAaBB", "AaBBBB", "BBBBBB", "x"}, []string{"AaAaAa", "BBAaAa", "AaBBAa", "BBBBAa", "AaAaBB", "BBAaBB", "AaBBBB", "BBBBBB", "x"}},
	} {
		if got := javaOrder(test.inserted, javaDefaultCapacity); !slices.Equal(got, test.want) {
			t.Errorf("order of %q is\n%q, want\n%q", test.inserted, got, test.want)
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
