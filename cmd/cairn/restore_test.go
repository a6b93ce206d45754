package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/cairnstate/cairn/checkpoint/metadata"
)

// restoreJSON restores and returns the report.
func restoreJSON(t *testing.T, args ...string) *restoreReport {
	t.Helper()
	got := cairn(t, append([]string{"restore", "-o", "json"}, args...)...)
	if got.code != exitYes {
		t.Fatalf("restore %q: exit code %d: %s", args, got.code, got.stderr)
	}
	report := new(restoreReport)
	if err := json.Unmarshal([]byte(got.stdout), report); err != nil {
		t.Fatal(err)
	}
	return report
}

// Each savepoint of each release restores at any parallelism: every key group has
// one owner, and every byte of state can be read.
func TestRestoreRealSavepoints(t *testing.T) {
	savepoints, err := filepath.Glob(filepath.Join(flinkData, "*", "*-savepoint", "savepoint-*"))
	if err != nil || len(savepoints) == 0 {
		t.Fatalf("no data of real Flink found (%v)", err)
	}
	for _, savepoint := range savepoints {
		for _, parallelism := range []int32{1, 2, 3, 4, 8, 128} {
			t.Run(fmt.Sprintf("%s at %d", strings.TrimPrefix(savepoint, flinkData), parallelism), func(t *testing.T) {
				report := restoreJSON(t, savepoint, "--parallelism", fmt.Sprint(parallelism), "--relocate", madeAt(savepoint))
				for i := range report.Vertices {
					checkKeyGroups(t, &report.Vertices[i], parallelism)
				}
				if report.Read == nil || report.Read.Bytes == 0 {
					t.Errorf("read %+v", report.Read)
				}
			})
		}
	}
}

// madeAt maps where Flink ran to where its files are now.
func madeAt(snapshot string) string {
	caseDir, err := filepath.Abs(filepath.Dir(snapshot))
	if err != nil {
		panic(err)
	}
	release := filepath.Base(filepath.Dir(caseDir))
	return fmt.Sprintf("file:/tmp/cairn-flink-data/%s/%s=%s", release, filepath.Base(caseDir), caseDir)
}

func checkKeyGroups(t *testing.T, v *vertexReport, parallelism int32) {
	t.Helper()
	if v.Parallelism != parallelism || len(v.Subtasks) != int(parallelism) {
		t.Fatalf("%s has parallelism %d and %d subtasks", v.Name, v.Parallelism, len(v.Subtasks))
	}
	next := int32(0)
	for _, subtask := range v.Subtasks {
		if subtask.KeyGroups.First != next {
			t.Errorf("%s: subtask %d begins at key group %d, want %d", v.Name, subtask.Index, subtask.KeyGroups.First, next)
		}
		next = subtask.KeyGroups.Last + 1
		for _, op := range subtask.Operators {
			for _, h := range op.KeyedState {
				// Handles of RocksDB's own files cannot be cut, so they may reach further.
				if h.KeyGroups.Last < subtask.KeyGroups.First || h.KeyGroups.First > subtask.KeyGroups.Last {
					t.Errorf("%s: subtask %d gets key groups %v, none of its own %v", v.Name, subtask.Index, h.KeyGroups, subtask.KeyGroups)
				}
			}
		}
	}
	if next != v.MaxParallelism {
		t.Errorf("%s: key groups end before %d, want %d", v.Name, next, v.MaxParallelism)
	}
}

func TestRestoreOneOperatorAtAnotherParallelism(t *testing.T) {
	report := restoreJSON(t, snapshot(t, "2.3.0/hashmap-savepoint"), "--parallelism", "2", "--parallelism", "keyed-counts-石=5")
	for _, v := range report.Vertices {
		want := int32(2)
		if v.Subtasks[0].Operators[0].UID == "keyed-counts-石" {
			want = 5
		}
		if v.Parallelism != want {
			t.Errorf("%s has parallelism %d, want %d", v.Name, v.Parallelism, want)
		}
	}
}

func TestRestoreIntoDescribedJob(t *testing.T) {
	job := writeFile(t, `
vertices:
  - name: counts
    parallelism: 3
    operators:
      - uid: keyed-counts-石
`)
	report := restoreJSON(t, snapshot(t, "2.3.0/hashmap-savepoint"), "--job", job, "--allow-non-restored-state", "--claim-mode", "claim")
	if len(report.Vertices) != 1 || report.ClaimMode != "claim" || report.CheckpointID != 1 || report.NextCheckpointID != 2 {
		t.Errorf("got %+v", report)
	}
	if len(report.NotRestored) != 6 {
		t.Errorf("%d operators left behind, want 6: %+v", len(report.NotRestored), report.NotRestored)
	}
}

// An operator that is there twice is what is wrong with the checkpoint, and not with
// the command line.
func TestAnOperatorTwiceIsNo(t *testing.T) {
	savepoint := copied(t, "2.3.0/hashmap-savepoint")
	rewrite(t, savepoint, func(f *metadata.File) { f.Operators = append(f.Operators, f.Operators[0]) })
	for _, command := range []string{"restore", "plan"} {
		if got := cairn(t, command, savepoint); got.code != exitNo || !strings.Contains(got.stderr, savepoint+"/_metadata: job: the checkpoint has an operator twice: ") {
			t.Errorf("%s: %+v, want exit code %d", command, got, exitNo)
		}
	}
}

// rewrite changes the metadata of a savepoint.
func rewrite(t *testing.T, savepoint string, change func(*metadata.File)) {
	t.Helper()
	name := filepath.Join(savepoint, "_metadata")
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	f, err := metadata.Decode(data, nil)
	if err != nil {
		t.Fatal(err)
	}
	change(f)
	if data, err = metadata.Encode(f, nil); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, data, 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestDryRunReadsNoState(t *testing.T) {
	savepoint := copied(t, "2.3.0/hashmap-savepoint")
	removeStateFile(t, savepoint)
	if report := restoreJSON(t, savepoint, "--dry-run"); report.Read != nil || !report.DryRun {
		t.Errorf("got %+v", report.Read)
	}
}

func TestMissingStateIsNo(t *testing.T) {
	savepoint := copied(t, "2.3.0/hashmap-savepoint")
	name := removeStateFile(t, savepoint)
	got := cairn(t, "restore", savepoint)
	if got.code != exitNo || !strings.Contains(got.stderr, name) || !strings.Contains(got.stderr, "keyed counts") {
		t.Errorf("got %+v, want exit code %d and the file %s", got, exitNo, name)
	}
}

func TestTruncatedStateIsNo(t *testing.T) {
	savepoint := copied(t, "2.3.0/hashmap-savepoint")
	name := stateFile(t, savepoint)
	if err := os.Truncate(filepath.Join(savepoint, name), 10); err != nil {
		t.Fatal(err)
	}
	if got := cairn(t, "restore", savepoint); got.code != exitNo || !strings.Contains(got.stderr, name) {
		t.Errorf("got %+v, want exit code %d and the file %s", got, exitNo, name)
	}
}

// Files elsewhere are read only if the user says so.
func TestRestoreStaysInAllowedPlaces(t *testing.T) {
	found, err := filepath.Glob(filepath.Join(flinkData, "2.3.0", "changelog-checkpoints", "*", "chk-2"))
	if err != nil || len(found) != 1 {
		t.Fatalf("found %q (%v)", found, err)
	}
	if got := cairn(t, "restore", found[0]); got.code != exitFailed || !strings.Contains(got.stderr, "--allow-any-path") {
		t.Errorf("got %+v", got)
	}
	restoreJSON(t, found[0], "--relocate", madeAt(filepath.Dir(found[0])))
}

func TestRestoreTable(t *testing.T) {
	got := cairn(t, "restore", snapshot(t, "2.3.0/hashmap-savepoint"), "--parallelism", "3")
	for _, want := range []string{
		"resolved", "validated", "registered", "read", "claim mode no_claim; the job's next is 2",
		"keyed counts ≠ Σ: parallelism 4 to 3, 128 key groups", "43-85", "list-with-\\x00-nul 3", "2 union",
	} {
		if !strings.Contains(got.stdout, want) {
			t.Errorf("%q is missing in\n%s", want, got.stdout)
		}
	}
}

// stateFile returns the name of one file beside the metadata.
func stateFile(t *testing.T, savepoint string) string {
	t.Helper()
	entries, err := os.ReadDir(savepoint)
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		if entry.Name() != "_metadata" {
			return entry.Name()
		}
	}
	t.Fatal("the savepoint has no state files")
	return ""
}

func removeStateFile(t *testing.T, savepoint string) string {
	t.Helper()
	name := stateFile(t, savepoint)
	if err := os.Remove(filepath.Join(savepoint, name)); err != nil {
		t.Fatal(err)
	}
	return name
}
