//go:build interop

package jobgraph

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/cairnstate/cairn/job/configuration"
)

// asked has Flink read what the lines say, and returns what it read of each, or nil where
// it refused.
func asked(t *testing.T, lines []string) []json.RawMessage {
	t.Helper()
	java := translator(t, "read")
	java.Stdin = strings.NewReader(strings.Join(lines, "\n") + "\n")
	out, err := java.Output()
	if err != nil {
		t.Fatal(err)
	}
	var values []json.RawMessage
	for line := range bytes.Lines(out) {
		var answer struct{ Value json.RawMessage }
		if err := json.Unmarshal(line, &answer); err != nil {
			t.Fatal(err)
		}
		values = append(values, answer.Value)
	}
	if len(values) != len(lines) {
		t.Fatalf("Flink answered %d lines of %d", len(values), len(lines))
	}
	return values
}

// texts returns random numbers with random units.
func texts(r *rand.Rand, kind, units string) []string {
	pick := func(of ...string) string { return of[r.IntN(len(of))] }
	all := strings.Fields(units)
	var lines []string
	for range 3000 {
		number := pick("0", "1", "007", fmt.Sprint(r.IntN(5000)), "9223372036854775807", "99999999999999999999", "-1", "1.5", "", "+2", " 3")
		unit := all[r.IntN(len(all))]
		if r.IntN(4) == 0 {
			unit = strings.ToUpper(unit)
		}
		lines = append(lines, kind+" "+number+pick("", " ", "  ", "\t")+pick(unit, unit, unit, "")+pick("", " "))
	}
	return lines
}

const isoDurations = "PT1M PT1H30M P1D P1DT1S PT0.5S PT-1S PT1M-30S -PT1S P PT P1DT PT1.123456789S pt2h PT.5S P-1DT25H P1W PT1M1H"

func TestDurationsAndSizes(t *testing.T) {
	r := rand.New(rand.NewPCG(uint64(setting(t, "CAIRN_SEED", 1)), 0))
	lines := texts(r, "duration", "d day days h hour hours min m minute minutes s sec secs second seconds ms milli millis "+
		"millisecond milliseconds µs micro micros microsecond microseconds ns nano nanos nanosecond nanoseconds x fortnight")
	for text := range strings.FieldsSeq(isoDurations) {
		lines = append(lines, "duration "+text)
	}
	lines = append(lines, texts(r, "size", "b bytes k kb kibibytes m mb mebibytes g gb gibibytes t tb tebibytes p x")...)
	accepted := 0
	for i, want := range asked(t, lines) {
		kind, text, _ := strings.Cut(lines[i], " ")
		var got any
		var err error
		if kind == "size" {
			got, err = configuration.ParseMemorySize(text)
		} else if d, e := configuration.ParseDuration(text); true {
			got, err = d.Nanoseconds(), e
		}
		switch {
		case (err == nil) != (want != nil):
			t.Errorf("%q: Flink reads %s, we %v, %v", lines[i], want, got, err)
		case err == nil && fmt.Sprint(got) != string(want):
			t.Errorf("%q: Flink reads %s, we %v", lines[i], want, got)
		case err == nil:
			accepted++
		}
	}
	if accepted < 1000 {
		t.Errorf("only %d of %d texts are read at all", accepted, len(lines))
	}
}

var scalars = []string{
	"word", "two words", `"quoted # text"`, `'it''s'`, "10 min", "5", "-3", "007", "0x1F", "0o17", "1.50", "1e3", "true", "False", "yes", "off",
	"s3://bucket/a#b", "--add-exports=java.base/sun.net.util=ALL-UNNAMED", "http://host:8081", "a,b;c", "'5'", `"true"`, `"tab\there"`,
	"value # a comment", "[a, b]", "2024-01-01", "1_000", ".5", "+7", "12:30", "~x", "null and void", "20kb", "*.log", "'", ":", "\"\"",
	"08", "0019", "99999999999999999999", "TRUE", "0b11", "0x1f", "0X1F", "-0x1", "NO", "0o8", "-007", "1__0", "y",
}

// file returns a random config.yaml.
func file(r *rand.Rand) string {
	var b strings.Builder
	b.WriteString("# a comment\n")
	n := 0
	var write func(indent string, depth int)
	write = func(indent string, depth int) {
		for range 1 + r.IntN(4) {
			n++
			key := fmt.Sprintf("k%d", n)
			if r.IntN(3) == 0 {
				key += ".dotted-key"
			}
			switch {
			case depth < 3 && r.IntN(3) == 0:
				fmt.Fprintf(&b, "%s%s:\n", indent, key)
				write(indent+"  ", depth+1)
			case r.IntN(12) == 0:
				fmt.Fprintf(&b, "%s%s: {a: 1, b: {c: d}}\n", indent, key)
			case r.IntN(12) == 0:
				fmt.Fprintf(&b, "%s%s: |\n%s  first\n%s  second\n", indent, key, indent, indent)
			case r.IntN(12) == 0:
				fmt.Fprintf(&b, "%s%s: >-\n%s  first\n%s  second\n", indent, key, indent, indent)
			default:
				fmt.Fprintf(&b, "%s%s: %s\n", indent, key, scalars[r.IntN(len(scalars))])
			}
		}
	}
	write("", 0)
	return b.String()
}

func TestFiles(t *testing.T) {
	seed := setting(t, "CAIRN_SEED", 1)
	folder := t.TempDir()
	var lines, written []string
	for i := range 400 {
		dir := filepath.Join(folder, fmt.Sprint(i))
		text := file(rand.New(rand.NewPCG(uint64(seed), uint64(i))))
		if err := os.MkdirAll(dir, 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, "config.yaml"), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		lines, written = append(lines, "folder "+dir), append(written, text)
	}
	accepted, differences := 0, 0
	for i, want := range asked(t, lines) {
		if difference := compareFile(t, written[i], want, &accepted); difference != "" {
			t.Errorf("seed %d, file %d:\n%s\n%s", seed, i, written[i], difference)
			if differences++; differences == enoughDifferences {
				t.FailNow()
			}
		}
	}
	if accepted < 100 {
		t.Errorf("Flink reads only %d files", accepted)
	}
}

func compareFile(t *testing.T, text string, want json.RawMessage, accepted *int) string {
	t.Helper()
	c, err := configuration.ParseYAML("config.yaml", []byte(text))
	switch {
	case err != nil && want != nil:
		return "Flink reads what we refuse: " + err.Error()
	case err == nil && want == nil:
		return "we read what Flink refuses"
	case err != nil:
		return ""
	}
	*accepted++
	theirs, ours := map[string]string{}, map[string]string{}
	if err := json.Unmarshal(want, &theirs); err != nil {
		t.Fatal(err)
	}
	for _, key := range c.Keys() {
		value, _ := c.Lookup(key)
		ours[key] = value.Text
	}
	return cmp.Diff(theirs, ours, cmp.Comparer(sameText))
}

// sameText takes floats for equal however they are written.
func sameText(a, b string) bool {
	if a == b {
		return true
	}
	x, err := strconv.ParseFloat(a, 64)
	y, other := strconv.ParseFloat(b, 64)
	return err == nil && other == nil && x == y && strings.Contains(a+b, ".")
}
