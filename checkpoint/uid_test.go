package checkpoint_test

import (
	"testing"

	"github.com/cairnstate/cairn/checkpoint"
)

// TestOperatorIDFromUID has ids that real Flink gave.
func TestOperatorIDFromUID(t *testing.T) {
	for uid, want := range map[string]string{
		"my-uid":                    "8409efe6adc6d20787611f16017c808f",
		"source":                    "e5a72f353fc1e6bbf3bd96a41384998c",
		"kafka-source":              "61252f73469d3ffba207c548d29a0267",
		"uid-1":                     "c49f9afd6c708fcc3cdcba1bd00469ba",
		"é":                         "e863d411a47a18c93f7ecadf6bc7657e",
		"operator-states-\x00-😀":    "5c27988c023a2e60ec24cc532ea854de",
		"ticks-источник":            "91cdfa103de300919b77eb77d4d48c51",
		"keyed-counts-石":            "7674cc5130c56369117b42168b4b5ade",
		"finishing-operator-states": "ea5d57aa1170564ea8698965f41560b7",
	} {
		if got := checkpoint.OperatorIDFromUID(uid).String(); got != want {
			t.Errorf("uid %q: %s, want %s", uid, got, want)
		}
	}
}
