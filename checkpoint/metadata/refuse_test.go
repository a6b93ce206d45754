package metadata_test

import (
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/cairnstate/cairn/checkpoint/metadata"
)

// TestRefusals: what is refused, and what the user is told to do.
func TestRefusals(t *testing.T) {
	core := frame(3, "00000000 00000000 00 00")
	tests := []struct {
		name string
		hex  string
		opts metadata.DecodeOptions
		is   error
		says []string
	}{
		{name: "nothing", hex: "", is: metadata.ErrNotMetadata, says: []string{"empty", "did not finish"}},
		{name: "something else", hex: "cafebabe 00000003", is: metadata.ErrNotMetadata, says: []string{"ca fe ba be", "Flink 1.0"}},
		{name: "version 0", hex: "4960672d 00000000", is: metadata.ErrUnsupportedVersion, says: []string{"Flink 1.1", "with Flink 1.2", "new savepoint"}},
		{
			name: "version 1", hex: "4960672d 00000001", is: metadata.ErrUnsupportedVersion,
			says: []string{"written by Flink 1.2", "Flink 1.3 to 1.10", "new savepoint", "at byte 4"},
		},
		{name: "version 7", hex: "4960672d 00000007", is: metadata.ErrUnsupportedVersion, says: []string{"FLIP-600", "options"}},
		{name: "version 8", hex: "4960672d 00000008", is: metadata.ErrUnsupportedVersion, says: []string{"newer cairn"}},
		{name: "a version that cannot be", hex: "4960672d ffffffff", is: metadata.ErrUnsupportedVersion, says: []string{"damaged"}},
		{name: "cut off in the version", hex: "4960672d 0000", is: io.ErrUnexpectedEOF, says: []string{"cut off"}},
		{name: "cut off in the id", hex: "4960672d 00000003 0000", is: metadata.ErrCorrupt, says: []string{"8 bytes wanted, 2 left"}},
		{name: "negative id", hex: "4960672d 00000003 ffffffffffffffff", is: metadata.ErrCorrupt, says: []string{"checkpoint id -1", "at byte 8"}},
		{
			name: "bad magic of master state", hex: "4960672d 00000003 0000000000000001 00000001 deadbeef" + strings.Repeat("00", 20),
			is: metadata.ErrCorrupt, says: []string{"master state 1 of 1", "deadbeef"},
		},
		{
			name: "bytes left in master state",
			hex:  "4960672d 00000003 0000000000000001 00000001 c96b1696 0000000b 00000000 0000 00000000 ff 00000000",
			is:   metadata.ErrCorrupt, says: []string{"master state 1 of 1", "1 bytes after the payload"},
		},
		{
			name: "unknown tag", hex: frame(3, "00000000 00000000 63 00"), is: metadata.ErrUnknownTag,
			says: []string{"operator 1 of 1 (id cbc357ccb763df2852fee8c4fc7d55f2), subtask 0, managed keyed state", "tag 99", "newer cairn"},
		},
		{
			name: "a path to a file",
			hex: frame(3, "00000000 00000000 05 0000000000000001 0000 00000000 00000000 10 00000002 0000"+fileHex+
				"0000 63 00000000 00"),
			is: metadata.ErrUnknownTag, says: []string{"subtask 0, managed keyed state, shared file 2 of 2: ", "tag 99"},
		},
		{
			name: "no delegate", hex: frame(3, "00000000 00000000 07 00000000 00000000 00 00"), is: metadata.ErrCorrupt,
			says: []string{"no stream state handle where one must be"},
		},
		{
			name: "a coordinator in a file", hex: strings.Replace(core, operatorA+"00000001 00000080"+"00", operatorA+"00000001 00000080"+fileHex, 1),
			is: metadata.ErrCorrupt, says: []string{"operator 1 of 1", "coordinator state", "inline"},
		},
		{
			name: "a subtask too many", hex: strings.Replace(core, "00000080"+"00 00000001 00000000", "00000080"+"00 00000001 00000001", 1),
			is: metadata.ErrCorrupt, says: []string{"subtask 1", "there are 1 subtasks"},
		},
		{
			name: "parallelism above max parallelism", hex: strings.Replace(core, "00000001 00000080", "00000081 00000080", 1),
			is: metadata.ErrCorrupt, says: []string{"parallelism 129 is above max parallelism 128"},
		},
		{
			name: "a changelog of full state",
			hex:  frame(3, "00000000 00000000 08 00000000 00000000 0000000000000000 00000000 00000001 07 00000000 00000000 10 0000000000000000 0000 00"),
			is:   metadata.ErrCorrupt, says: []string{"non-materialized part 1 of 1", "changelog"},
		},
		{
			name: "a mode that is none", hex: frame(3, "00000001 04 00000001 0001 61 03 00000000"+fileHex+"00000000 00 00"),
			is: metadata.ErrCorrupt, says: []string{"managed operator state, state 1 of 1", `mode 3 of state "a"`},
		},
		{
			name: "a scope that is none", hex: frame(4, "00000000 00000000 07 00000000 00000000 0f 0000000000000000 0000000000000000 00000002 0000 0000 00"),
			is: metadata.ErrCorrupt, says: []string{"scope 2"},
		},
		{
			name: "merged files in a whole file", hex: frame(4, "00000001 11 00000000 0000 0000 00"+fileHex+"00000000 00 00"),
			is: metadata.ErrCorrupt, says: []string{"behind a segment"},
		},
		{
			name: "key groups that cannot be", hex: frame(3, "00000000 00000000 07 7fffffff 00000002"+longsHex+fileHex+"00"),
			is: metadata.ErrCorrupt, says: []string{"2 key groups from 2147483647 on"},
		},
		{
			name: "two legacy states", hex: strings.Replace(frame(2, "00000000 00000000 00 00"), "ffffffffffffffff 00000000", "ffffffffffffffff 00000002", 1),
			is: metadata.ErrCorrupt, says: []string{"legacy operator state", "2 handles"},
		},
		{
			name: "a finished operator with a coordinator",
			hex:  "4960672d 00000003 0000000000000001 00000000 00000001" + operatorA + "00000001 00000080 01 0000 00000000 ffffffff",
			is:   metadata.ErrCorrupt, says: []string{"all subtasks had finished"},
		},
		{name: "no properties", hex: "4960672d 00000004 0000000000000001 00000000 00000000", is: metadata.ErrCorrupt, says: []string{"properties"}},
		{
			name: "malformed string", hex: "4960672d 00000005 0000000000000001 00000000 00000001 0001 ff 0000" + strings.Repeat("00", 40),
			is: metadata.ErrCorrupt, says: []string{"operator 1 of 1", "modified UTF-8", "at byte 24"},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			f, err := metadata.Decode(unhex(t, test.hex), &test.opts)
			if f != nil || !errors.Is(err, test.is) {
				t.Fatalf("decoded %+v, error %v; want %v", f, err, test.is)
			}
			if _, ok := errors.AsType[*metadata.Error](err); !ok {
				t.Errorf("%T is no *metadata.Error", err)
			}
			for _, text := range test.says {
				if !strings.Contains(err.Error(), text) {
					t.Errorf("the error does not say %q:\n%v", text, err)
				}
			}
		})
	}
}

// TestTolerance: what Flink reads over, we read over.
func TestTolerance(t *testing.T) {
	tests := map[string]string{
		"any flag that is not 0":        frame(3, "00000005 00 fffffffb 00 00 00"),
		"a chain length and a duration": strings.Replace(frame(2, "00000000 00000000 00 00"), "00000001 00000001 00000000 ffffffffffffffff", "00000007 00000001 00000000 0000000000000009", 1),
		"negative counts of channels":   strings.Replace(frame(3, "00000000 00000000 00 00"), "00000000 00000000 00 0000000000 00000000", "00000000 00000000 00 00ffffffff ffffffff", 1),
		"negative count of subtasks":    "4960672d 00000003 0000000000000001 00000000 00000001" + operatorA + "00000001 00000080 00 fffffff0",
	}
	for name, hex := range tests {
		if hex == frame(2, "00000000 00000000 00 00") || hex == frame(3, "00000000 00000000 00 00") {
			t.Errorf("%s: the test has lost what it is about", name)
		}
		if _, err := metadata.Decode(unhex(t, hex), nil); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}
