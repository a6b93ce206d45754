package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/cairnstate/cairn/checkpoint/metadata"
	"github.com/cairnstate/cairn/storage"
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

// Whoever asks whether all is there learns of all that is not, for people and for
// programs, and in the same words each time.
func TestAllMissingStateIsTold(t *testing.T) {
	savepoint := copied(t, "2.3.0/hashmap-savepoint")
	names := stateFiles(t, savepoint)
	for i, name := range names {
		if path := filepath.Join(savepoint, name); i > 0 {
			must(t, os.Remove(path))
		} else {
			must(t, os.Truncate(path, 10))
		}
	}
	got := cairn(t, "restore", savepoint, "-o", "json")
	var report restoreReport
	must(t, json.Unmarshal([]byte(got.stdout), &report))
	if report.Answer != answerNo || len(report.Missing) != len(names) || len(names) < 2 || got.code != exitNo {
		t.Errorf("code %d, of %q these are missing: %+v", got.code, names, report.Missing)
	}
	for i, name := range names {
		want := "it is missing"
		if i == 0 {
			want = "it has 10"
		}
		if line := lineWith(got.stderr, name); !strings.Contains(line, want) || !strings.Contains(line, "of keyed counts ≠ Σ reads it") {
			t.Errorf("of %s it says %q, want %q", name, line, want)
		}
	}
	if again := cairn(t, "restore", savepoint); again.stdout != "" || again.stderr != got.stderr {
		t.Errorf("asked again it says %s%s", again.stdout, again.stderr)
	}
}

// lineWith returns the first line that holds the text.
func lineWith(lines, text string) string {
	for line := range strings.Lines(lines) {
		if strings.Contains(line, text) {
			return line
		}
	}
	return ""
}

// restore gives the reasons that plan gives, all of them, whoever describes the job.
func TestRestoreRefusesAsPlanDoes(t *testing.T) {
	savepoint := snapshot(t, "2.3.0/hashmap-savepoint")
	described := writeFile(t, "vertices:\n  - parallelism: 999\n    operators:\n      - uid: keyed-counts-石\n")
	for reasons, flags := range map[int][]string{7: {"--parallelism", "999"}, 5: {"--job", described}} {
		plan := cairn(t, append([]string{"plan", savepoint}, flags...)...)
		got := cairn(t, append([]string{"restore", savepoint, "-o", "json"}, flags...)...)
		if got.code != exitNo || got.stderr != plan.stderr || strings.Count(got.stderr, "restore: ") != reasons {
			t.Errorf("%q: code %d, restore says\n%s, plan says\n%s", flags, got.code, got.stderr, plan.stderr)
		}
		var report restoreReport
		must(t, json.Unmarshal([]byte(got.stdout), &report))
		if report.Answer != answerNo || len(report.Refusals) != reasons || report.MetadataFile == "" {
			t.Errorf("%q: %+v", flags, report)
		}
	}
}

// A plan that is refused shows how many key groups the checkpoint has, which is the
// most subtasks there can be, and not those of a job that starts afresh.
func TestRefusedPlanShowsKeyGroupsOfTheCheckpoint(t *testing.T) {
	report, code := planJSON(t, snapshot(t, "2.3.0/hashmap-savepoint"), "--parallelism", "129")
	if code != exitNo || len(report.Vertices) == 0 {
		t.Fatalf("code %d", code)
	}
	for _, v := range report.Vertices {
		if v.MaxParallelism != 128 {
			t.Errorf("%s: %d key groups", v.Name, v.MaxParallelism)
		}
	}
}

// Of a uid with a slip in it both sides are told, and the flag that gives the state up.
func TestSlipInAUID(t *testing.T) {
	job := writeFile(t, "vertices:\n  - parallelism: 3\n    operators:\n      - uid: keyed-count\n      - name: other\n        id: 0000000000000000000000000000000a\n")
	for _, command := range []string{"restore", "plan"} {
		got := cairn(t, command, snapshot(t, "2.3.0/hashmap-savepoint"), "--job", job)
		line := lineWith(got.stderr, "keyed-counts-石")
		if got.code != exitNo || !strings.Contains(line, `nothing for these of the job: uid "keyed-count", other;`) {
			t.Errorf("%s: code %d, it says %s", command, got.code, line)
		}
		if !strings.Contains(got.stderr, "--allow-non-restored-state") {
			t.Errorf("%s does not name the flag: %s", command, got.stderr)
		}
	}
}

// Files elsewhere are read only if the user says so, and what to say is told in flags:
// for a checkpoint that was copied with its files, exactly.
func TestRestoreStaysInAllowedPlaces(t *testing.T) {
	for testCase, flagsNeeded := range map[string]int{"2.3.0/changelog-checkpoints": 2, "2.3.0/rocksdb-incremental-checkpoints": 1} {
		found, err := filepath.Glob(filepath.Join(flinkData, testCase, "*", "chk-2"))
		if err != nil || len(found) == 0 {
			t.Fatalf("found %q (%v)", found, err)
		}
		got := cairn(t, "restore", found[0])
		if got.code != exitFailed || !strings.Contains(got.stderr, "--allow-any-path") || strings.Contains(got.stderr, "Options.") {
			t.Errorf("got %+v", got)
		}
		advice := strings.Fields(lineWith(got.stderr, "--relocate"))
		if len(advice) != 2 {
			t.Fatalf("no relocation is proposed: %s", got.stderr)
		}
		if flagsNeeded > 1 { // a changelog has a directory of its own
			advice = []string{"--relocate", madeAt(filepath.Dir(found[0]))}
		}
		restoreJSON(t, append([]string{found[0]}, advice...)...)
	}
}

// What metadata says must not become a command of those who copy a line.
func TestNoCommandIsProposed(t *testing.T) {
	for text, want := range map[string]bool{
		"s3://bucket/a-b/c.d_e": true, "file:/a/$(reboot)": false, "file:/a b": false, "file:/day=1": false, "file:/a\nb": false,
	} {
		p, err := storage.ParsePath(text)
		must(t, err)
		if plain(p) != want {
			t.Errorf("%q: %t", text, !want)
		}
	}
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
	return stateFiles(t, savepoint)[0]
}

func stateFiles(t *testing.T, savepoint string) []string {
	t.Helper()
	entries, err := os.ReadDir(savepoint)
	must(t, err)
	var names []string
	for _, entry := range entries {
		if entry.Name() != "_metadata" {
			names = append(names, entry.Name())
		}
	}
	if len(names) == 0 {
		t.Fatal("the savepoint has no state files")
	}
	return names
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func removeStateFile(t *testing.T, savepoint string) string {
	t.Helper()
	name := stateFile(t, savepoint)
	if err := os.Remove(filepath.Join(savepoint, name)); err != nil {
		t.Fatal(err)
	}
	return name
}
