package configuration_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/cairnstate/cairn/job/configuration"
)

func TestDurations(t *testing.T) {
	for text, want := range map[string]time.Duration{
		"10": 10 * time.Millisecond, " 3 min ": 3 * time.Minute, "3m": 3 * time.Minute, "2DAYS": 48 * time.Hour,
		"0": 0, "7 µs": 7 * time.Microsecond, "5 nanos": 5, "1 sec": time.Second, "PT1M30S": 90 * time.Second,
		"P1DT2H": 26 * time.Hour, "pt0.25s": 250 * time.Millisecond, "PT1M-30S": 30 * time.Second, "PT-0.5S": -1,
		"": -1, "min": -1, "1 fortnight": -1, "-1 s": -1, "1.5 s": -1, "PT": -1, "P": -1, "P1DT": -1, "PT-1S": -1,
		"99999999999999999999 s": -1, "400 000 d": -1, "293000000 d": -1,
	} {
		got, err := configuration.ParseDuration(text)
		if want < 0 && err == nil || want >= 0 && (err != nil || got != want) {
			t.Errorf("%q: %v, %v; want %v", text, got, err, want)
		}
	}
}

func TestMemorySizes(t *testing.T) {
	for text, want := range map[string]int64{
		"0": 0, "20kb": 20480, "20 KIBIBYTES": 20480, "1 m": 1 << 20, "3gb": 3 << 30, "2 t": 2 << 40, "7 b": 7, "7 bytes": 7,
		"": -1, "kb": -1, "-1": -1, "1.5 kb": -1, "1 pb": -1, "99999999 tb": -1, "99999999999999999999": -1,
	} {
		got, err := configuration.ParseMemorySize(text)
		if want < 0 && err == nil || want >= 0 && (err != nil || got != want) {
			t.Errorf("%q: %v, %v; want %v", text, got, err, want)
		}
	}
}

func TestWhatIsWrittenIsRead(t *testing.T) {
	for _, d := range []time.Duration{0, 1, 1500 * time.Millisecond, time.Minute, 36 * time.Hour, 48 * time.Hour} {
		if got, err := configuration.ParseDuration(configuration.FormatDuration(d)); got != d || err != nil {
			t.Errorf("%v: %q is read as %v, %v", d, configuration.FormatDuration(d), got, err)
		}
	}
	for _, n := range []int64{0, 1, 1000, 1024, 20480, 3 << 30, 1 << 40} {
		if got, err := configuration.ParseMemorySize(configuration.FormatMemorySize(n)); got != n || err != nil {
			t.Errorf("%d: %q is read as %v, %v", n, configuration.FormatMemorySize(n), got, err)
		}
	}
}

const nested = `# Flink's own file looks like this
state.checkpoints.dir: s3://bucket/a#b   # a comment
execution:
  checkpointing:
    num-retained: 3
    mode: "EXACTLY_ONCE"
  checkpointing.interval: 10s
env.java.opts.all: --add-exports=java.base/sun.net.util=ALL-UNNAMED
list: [a, b]
octal: 010
eight: 08
hex: 0x1F
text: "0x1F"
truth: True
`

func TestYAML(t *testing.T) {
	c, err := configuration.Parse("conf/config.yaml", []byte(nested))
	if err != nil {
		t.Fatal(err)
	}
	for key, want := range map[string]string{
		"state.checkpoints.dir":                "s3://bucket/a#b",
		"execution.checkpointing.num-retained": "3",
		"execution.checkpointing.mode":         "EXACTLY_ONCE",
		"execution.checkpointing.interval":     "10s",
		"octal":                                "10",
		"eight":                                "8", "hex": "31", "text": "0x1F", "truth": "true",
	} {
		if got, ok := c.Lookup(key); !ok || got.Text != want {
			t.Errorf("%s: %q, %t; want %q", key, got.Text, ok, want)
		}
	}
	if v, _ := c.Lookup("new.name", "execution.checkpointing.interval"); v.Line != 7 || v.Key != "execution.checkpointing.interval" {
		t.Errorf("a former name: %+v", v)
	}
}

func TestFlat(t *testing.T) {
	c, err := configuration.Parse("flink-conf.yaml", []byte("# none\r\na.b: x: y # z\r\n\r\na.c:  \"q\"\na.b: last\n"))
	if err != nil {
		t.Fatal(err)
	}
	if b, _ := c.Lookup("a.b"); b.Text != "last" || b.Line != 5 {
		t.Errorf("a.b is %+v", b)
	}
	if q, _ := c.Lookup("a.c"); q.Text != `"q"` {
		t.Errorf("a.c is %+v", q)
	}
}

func TestErrorsHaveLineAndKey(t *testing.T) {
	for file, want := range map[string]string{
		"flink-conf.yaml\na: 1\nb:2":    `flink-conf.yaml:2: b:2: is not of the form`,
		"flink-conf.yaml\na: 1\nb:":     `flink-conf.yaml:2: b: is not of the form`,
		"config.yaml\na:\n  b:\n  c: 1": `config.yaml:2: a.b: has no value`,
		"config.yaml\na: &x 1":          `config.yaml:1: a: anchors`,
		"config.yaml\njust words":       `config.yaml:1: is no list of keys`,
		"config.yaml\n- a":              `config.yaml:1: is no list of keys`,
		"config.yaml\na: 1\nb: [":       `config.yaml:2: `,
		"config.yaml\na: 1\n---\nb: 1":  `config.yaml: has several documents`,
		"config.yaml\na: 1\nb: 2\na: 3": `config.yaml:3: `,
	} {
		name, data, _ := strings.Cut(file, "\n")
		_, err := configuration.Parse(name, []byte(data))
		if err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%q: %v; want %s…", file, err, want)
		}
		if _, ok := errors.AsType[*configuration.Error](err); !ok {
			t.Errorf("%q: %T is no *Error", file, err)
		}
	}
}

func TestValues(t *testing.T) {
	v := configuration.Value{Key: "k", Text: "x", File: "f", Line: 9}
	_, e1 := v.Int()
	_, e2 := v.Long()
	_, e3 := v.Bool()
	_, e4 := v.Bytes()
	_, e5 := v.OneOf("A", "B")
	for _, err := range []error{e1, e2, e3, e4, e5} {
		if err == nil || !strings.HasPrefix(err.Error(), "f:9: k: ") {
			t.Error(err)
		}
	}
	v.Text = "b"
	if i, err := v.OneOf("A", "B"); i != 1 || err != nil {
		t.Error(i, err)
	}
}

func FuzzParse(f *testing.F) {
	f.Add(true, []byte(nested))
	f.Add(false, []byte("a: b\nc:d"))
	f.Fuzz(func(t *testing.T, yaml bool, data []byte) {
		name := "flink-conf.yaml"
		if yaml {
			name = "config.yaml"
		}
		c, err := configuration.Parse(name, data)
		if (c == nil) == (err == nil) {
			t.Errorf("%v with error %v", c, err)
		}
	})
}
