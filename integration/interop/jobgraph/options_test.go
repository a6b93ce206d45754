//go:build interop

package jobgraph

import (
	"bytes"
	"slices"
	"strconv"
	"testing"

	"github.com/cairnstate/cairn/job/checkpointing"
	"github.com/cairnstate/cairn/job/configuration"
)

// TestOptions compares the table of options with Flink's own.
func TestOptions(t *testing.T) {
	out, err := translator(t, "options").Output()
	if err != nil {
		t.Fatal(err)
	}
	var flink map[string]struct {
		Default string   `json:"default"`
		Former  []string `json:"former"`
	}
	if err := decoder(bytes.NewReader(out)).Decode(&flink); err != nil {
		t.Fatal(err)
	}
	for _, o := range checkpointing.Options() {
		theirs, known := flink[o.Key]
		if !known {
			t.Errorf("Flink has no option %s", o.Key)
			continue
		}
		if got := plain(t, &o); got != theirs.Default {
			t.Errorf("%s is %s by default, and %s in Flink", o.Key, got, theirs.Default)
		}
		if !slices.Equal(o.Former, theirs.Former) {
			t.Errorf("%s has former keys %v, and %v in Flink", o.Key, o.Former, theirs.Former)
		}
	}
}

// plain returns the default as the translator prints it.
func plain(t *testing.T, o *checkpointing.Option) string {
	t.Helper()
	if o.Default == "none" {
		return o.Default
	}
	switch o.Type {
	case "duration":
		d, err := configuration.ParseDuration(o.Default)
		if err != nil {
			t.Error(err)
		}
		return strconv.FormatInt(d.Milliseconds(), 10)
	case "size":
		n, err := configuration.ParseMemorySize(o.Default)
		if err != nil {
			t.Error(err)
		}
		return strconv.FormatInt(n, 10)
	}
	return o.Default
}
