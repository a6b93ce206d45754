package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// flinkData is what real Flink wrote.
const flinkData = "../../testdata/flink"

// result is what a command line came to.
type result struct {
	stdout, stderr string
	code           int
}

// cairn runs a command line in this process.
func cairn(t *testing.T, args ...string) result {
	t.Helper()
	var stdout, stderr bytes.Buffer
	code := run(t.Context(), args, &stdout, &stderr)
	return result{stdout.String(), stderr.String(), code}
}

// snapshot returns the directory of the only checkpoint or savepoint of a case.
func snapshot(t *testing.T, testCase string) string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(flinkData, testCase, "savepoint-*", "_metadata"))
	if err != nil || len(found) != 1 {
		t.Fatalf("%s: want one savepoint, found %q (%v)", testCase, found, err)
	}
	return filepath.Dir(found[0])
}

// copied returns a copy of a savepoint that a test may break.
func copied(t *testing.T, testCase string) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(snapshot(t, testCase))); err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestExitCodes(t *testing.T) {
	savepoint := snapshot(t, "2.3.0/hashmap-savepoint")
	noJob := filepath.Join(t.TempDir(), "job.yaml")
	badJob := writeFile(t, "vertices:\n  - parallelism: 0\n")
	otherJob := writeFile(t, "vertices:\n  - parallelism: 2\n    operators:\n      - uid: numbers\n")
	notMetadata := writeFile(t, "this is no metadata")

	for _, test := range []struct {
		name string
		args []string
		code int
		says string // on standard error
	}{
		{"yes", []string{"restore", savepoint}, exitYes, ""},
		{"nothing there", []string{"resolve", "/no/such/savepoint"}, exitFailed, "/no/such/savepoint"},
		{"no metadata", []string{"inspect", notMetadata}, exitFailed, "not a Flink checkpoint"},
		{"unknown scheme", []string{"resolve", "hdfs://nn/savepoint"}, exitUsage, "hdfs"},
		{"scheme in capitals", []string{"inspect", "S3://bucket/savepoint"}, exitUsage, `did you mean "s3"?`},
		{"no pointer", []string{"inspect", ""}, exitUsage, "it is empty"},
		{"no bucket", []string{"restore", "s3://"}, exitUsage, "no bucket"},
		{"no key, with a job", []string{"restore", "hdfs://x", "--job", otherJob}, exitUsage, "hdfs"},
		{"unknown place", []string{"inspect", savepoint, "--location", "foo://x"}, exitUsage, "there are: abfs"},
		{"unknown place of a copy", []string{"inspect", savepoint, "--relocate", "hdfs://nn=foo://x"}, exitUsage, "there are: abfs"},
		{"no uid", []string{"uid", "a", ""}, exitUsage, "empty"},
		{"no arguments", []string{"inspect"}, exitUsage, "accepts 1 arg"},
		{"unknown flag", []string{"inspect", "--colour", savepoint}, exitUsage, "--colour"},
		{"unknown command", []string{"destroy"}, exitUsage, "destroy"},
		{"unknown format", []string{"inspect", "-o", "xml", savepoint}, exitUsage, "json"},
		{"unknown parameter", []string{"inspect", savepoint, "--location", "s3://b?colour=red"}, exitUsage, "colour"},
		{"bad relocation", []string{"inspect", savepoint, "--relocate", "s3://b"}, exitUsage, "FROM=TO"},
		{"bad parallelism", []string{"restore", savepoint, "--parallelism", "none"}, exitUsage, "UID=N"},
		{"parallelism of nobody", []string{"restore", savepoint, "--parallelism", "nobody=3"}, exitUsage, "nobody"},
		{"bad claim mode", []string{"restore", savepoint, "--claim-mode", "borrow"}, exitUsage, "no_claim"},
		{"two jobs", []string{"restore", savepoint, "--job", otherJob, "--parallelism", "3"}, exitUsage, "--job"},
		{"no job file", []string{"restore", savepoint, "--job", noJob}, exitUsage, "job.yaml"},
		{"bad job file", []string{"restore", savepoint, "--job", badJob}, exitUsage, "vertices[0].parallelism"},
		{"unmapped state", []string{"restore", savepoint, "--job", otherJob}, exitNo, "no such operator"},
		{"too parallel", []string{"restore", savepoint, "--parallelism", "129"}, exitNo, "128"},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := cairn(t, test.args...)
			if got.code != test.code {
				t.Errorf("exit code %d, want %d; stderr: %s", got.code, test.code, got.stderr)
			}
			if !strings.Contains(got.stderr, test.says) || test.says == "" && got.stderr != "" {
				t.Errorf("stderr %q, want %q in it", got.stderr, test.says)
			}
		})
	}
}

// A failed command says why once, in one place, and leaves the output to others.
func TestFailureLeavesOutputEmpty(t *testing.T) {
	got := cairn(t, "inspect", "/no/such/savepoint", "-o", "json")
	if got.stdout != "" || strings.Count(got.stderr, "cairn: ") != 1 {
		t.Errorf("stdout %q, stderr %q", got.stdout, got.stderr)
	}
}

func TestUID(t *testing.T) {
	got := cairn(t, "uid", "my-uid", "é")
	want := "8409efe6adc6d20787611f16017c808f  my-uid\n" +
		"e863d411a47a18c93f7ecadf6bc7657e  é\n"
	if got.stdout != want || got.code != exitYes {
		t.Errorf("got %+v, want %q", got, want)
	}
}

func TestVersion(t *testing.T) {
	got := cairn(t, "version")
	if got.code != exitYes || !strings.HasPrefix(got.stdout, "cairn ") {
		t.Errorf("got %+v", got)
	}
	if flag := cairn(t, "--version"); flag != got {
		t.Errorf("--version says %+v", flag)
	}
}

func TestCompletion(t *testing.T) {
	for _, shell := range []string{"bash", "zsh", "fish", "powershell"} {
		if got := cairn(t, "completion", shell); got.code != exitYes || !strings.Contains(got.stdout, "cairn") {
			t.Errorf("%s: code %d, %d bytes", shell, got.code, len(got.stdout))
		}
	}
}

func writeFile(t *testing.T, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "job.yaml")
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
