package fs_test

import (
	"bufio"
	"io"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"
)

const doomedVariable = "CAIRN_TEST_DOOMED_IN"

// What a process that was killed left is swept; what a living one is about to
// write is not, however old it is.
func TestSweepTellsTheDeadFromTheLiving(t *testing.T) {
	if dir := os.Getenv(doomedVariable); dir != "" {
		w, err := newBackend(t, dir).Create(t.Context(), "chk-1/dead", nil)
		must(t, err)
		defer w.Close()
		os.Stdout.WriteString("begun\n") //nolint:errcheck // who waits for it fails then
		_, _ = io.Copy(io.Discard, os.Stdin)
		return
	}
	dir := t.TempDir()
	kill(t, dir)
	store := newBackend(t, dir)
	w, err := store.Create(t.Context(), "chk-1/living", nil)
	must(t, err)
	defer w.Close()

	if removed, err := store.Sweep(t.Context(), "", time.Hour); err != nil || len(removed) != 0 {
		t.Errorf("swept %q, %v, which is not an hour old", removed, err)
	}
	removed, err := store.Sweep(t.Context(), "", 0)
	if err != nil || len(removed) != 1 || !strings.HasPrefix(removed[0], "chk-1/.cairn-") {
		t.Errorf("swept %q, %v, want what the dead one left", removed, err)
	}
	must(t, w.Commit())
	if got := entries(t, dir+"/chk-1"); len(got) != 1 || got[0] != "living" {
		t.Errorf("in the end there is %q", got)
	}
}

// kill lets another process begin to write, and kills it.
func kill(t *testing.T, dir string) {
	t.Helper()
	doomed := exec.Command(os.Args[0], "-test.run=^TestSweepTellsTheDeadFromTheLiving$")
	doomed.Env = append(os.Environ(), doomedVariable+"="+dir)
	stdin, err := doomed.StdinPipe()
	must(t, err)
	defer stdin.Close()
	stdout, err := doomed.StdoutPipe()
	must(t, err)
	must(t, doomed.Start())
	if line, err := bufio.NewReader(stdout).ReadString('\n'); line != "begun\n" {
		t.Errorf("the other process says %q, %v", line, err)
	}
	must(t, doomed.Process.Kill())
	_ = doomed.Wait() // says that it was killed
	if got := entries(t, dir+"/chk-1"); len(got) != 1 {
		t.Fatalf("the dead one left %q", got)
	}
}
