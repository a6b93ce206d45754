package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestTraceOfInspect holds what one inspection asks of a disk: one opening, and one
// reading to the end.
func TestTraceOfInspect(t *testing.T) {
	file := filepath.Join(t.TempDir(), "trace")
	savepoint := snapshot(t, "2.3.0/hashmap-savepoint")
	quiet := cairn(t, "inspect", savepoint, "--trace", file)
	loud := cairn(t, "inspect", savepoint, "--trace", "-")
	written, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if quiet.code != exitYes || quiet.stderr != "" || loud.stderr != string(written) || loud.stdout != quiet.stdout {
		t.Errorf("into a file: %+v, to standard error: %q", quiet, loud.stderr)
	}
	lines := regexp.MustCompile(`^file:// open ".*/_metadata", (\d+) bytes: ok\nfile:// read ".*/_metadata", (\d+) bytes: ok\nfile:// shut: ok\n$`)
	if sizes := lines.FindStringSubmatch(string(written)); sizes == nil || sizes[1] != sizes[2] {
		t.Errorf("traced\n%s", written)
	}
	timed := cairn(t, "inspect", savepoint, "--trace", "-", "--trace-times")
	if !regexp.MustCompile(`(?m)^file:// open .*: ok in [0-9.]+[mµ]?s$`).MatchString(timed.stderr) {
		t.Errorf("with times: %s", timed.stderr)
	}
}

// TestMetricsFile holds that metrics are written, also of a command that failed.
func TestMetricsFile(t *testing.T) {
	dir := t.TempDir()
	for _, test := range []struct {
		pointer, want string
		code          int
	}{
		{snapshot(t, "2.3.0/hashmap-savepoint"), `cairn_storage_calls_total{scheme="file",verb="open"} 1`, exitYes},
		{filepath.Join(dir, "absent"), `cairn_storage_errors_total{kind="absent",scheme="file",verb="open"} `, exitFailed},
	} {
		file := filepath.Join(dir, "cairn.prom")
		got := cairn(t, "inspect", test.pointer, "--metrics-file", file)
		written, err := os.ReadFile(file)
		if err != nil || got.code != test.code || !strings.Contains(string(written), test.want) {
			t.Errorf("exit %d, %v: %s\nwant %s in\n%s", got.code, err, got.stderr, test.want, written)
		}
		if strings.Contains(string(written), "_metadata") {
			t.Errorf("a key is in the metrics:\n%s", written)
		}
	}
}

func TestWhatCannotBeObservedFails(t *testing.T) {
	savepoint := snapshot(t, "2.3.0/hashmap-savepoint")
	nowhere := filepath.Join(t.TempDir(), "absent", "file")
	for _, test := range []struct {
		args []string
		code int
		says string
	}{
		{[]string{"--trace", nowhere}, exitFailed, "--trace: "},
		{[]string{"--metrics-file", nowhere}, exitFailed, "--metrics-file: "},
		{[]string{"--max-bytes", "many"}, exitUsage, `--max-bytes "many": write a size`},
		{[]string{"--max-requests", "-1"}, exitUsage, "--max-requests -1: it is a number above zero"},
	} {
		got := cairn(t, append([]string{"inspect", savepoint}, test.args...)...)
		if got.code != test.code || !strings.Contains(got.stderr, test.says) {
			t.Errorf("%q: exit %d, %s", test.args, got.code, got.stderr)
		}
	}
}

// TestLimitsAreTaken leaves to package limit what they do.
func TestLimitsAreTaken(t *testing.T) {
	got := cairn(t, "inspect", snapshot(t, "2.3.0/hashmap-savepoint"), "--max-requests", "1000", "--max-bytes", "1MB")
	if got.code != exitYes {
		t.Errorf("exit %d: %s", got.code, got.stderr)
	}
}
