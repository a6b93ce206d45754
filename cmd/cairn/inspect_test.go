package main

import (
	"cmp"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
)

// expected is what Flink's own classes say of the snapshots of a case.
type expected struct {
	MadeAt    string             `json:"madeAt"`
	Snapshots []expectedSnapshot `json:"snapshots"`
}

type expectedSnapshot struct {
	Pointer         string              `json:"pointer"`
	MetadataVersion int                 `json:"metadataVersion"`
	CheckpointID    int64               `json:"checkpointId"`
	SnapshotType    string              `json:"snapshotType"`
	SavepointFormat string              `json:"savepointFormat"`
	MasterStates    []masterStateReport `json:"masterStates"`
	Operators       []operatorReport    `json:"operators"`
	Files           []fileReport        `json:"files"`
}

// Every real snapshot is reported as Flink itself reads it.
func TestInspectAgreesWithFlink(t *testing.T) {
	cases, err := filepath.Glob(filepath.Join(flinkData, "*", "*", "expected.json"))
	if err != nil || len(cases) == 0 {
		t.Fatalf("no data of real Flink found (%v)", err)
	}
	for _, path := range cases {
		var want expected
		readJSON(t, path, &want)
		for _, snapshot := range want.Snapshots {
			dir := filepath.Join(filepath.Dir(path), snapshot.Pointer)
			t.Run(strings.TrimPrefix(dir, flinkData), func(t *testing.T) {
				compareInspect(t, dir, want.MadeAt, filepath.Dir(path), snapshot)
			})
		}
	}
}

func compareInspect(t *testing.T, dir, madeAt, caseDir string, want expectedSnapshot) {
	output := cairn(t, "inspect", "-o", "json", dir)
	if output.code != exitYes {
		t.Fatal(output.stderr)
	}
	var got inspectReport
	if err := json.Unmarshal([]byte(output.stdout), &got); err != nil {
		t.Fatal(err)
	}
	found := expectedSnapshot{
		Pointer:         want.Pointer,
		MetadataVersion: got.MetadataVersion,
		CheckpointID:    got.CheckpointID,
		SnapshotType:    got.SnapshotType,
		SavepointFormat: got.SavepointFormat,
		MasterStates:    got.MasterStates,
		Operators:       got.Operators,
		Files:           got.Files,
	}
	absolute, err := filepath.Abs(caseDir)
	if err != nil {
		t.Fatal(err)
	}
	for i := range found.Files {
		found.Files[i].Path = strings.Replace(found.Files[i].Path, "file:"+absolute, madeAt, 1)
	}
	byPath := func(a, b fileReport) int { return strings.Compare(a.Path, b.Path) }
	byID := func(a, b operatorReport) int { return strings.Compare(a.ID.String(), b.ID.String()) }
	byName := func(a, b masterStateReport) int { return cmp.Compare(a.Name, b.Name) }
	slices.SortFunc(found.Files, byPath)
	slices.SortFunc(found.Operators, byID)
	slices.SortFunc(found.MasterStates, byName)
	slices.SortFunc(want.Files, byPath)
	slices.SortFunc(want.MasterStates, byName)
	compareKinds(t, want.Files, found.Files)
	if diff := gocmp.Diff(want, found); diff != "" {
		t.Errorf("Flink reads it otherwise (-Flink +cairn):\n%s", diff)
	}
}

// compareKinds takes out what Flink has no word for. Flink measured the files;
// handles on changes and segments know of a part of their file.
func compareKinds(t *testing.T, measured, told []fileReport) {
	for i := range told {
		partial := told[i].Kind == "changelog" || told[i].Kind == "segment"
		if partial && i < len(measured) && 0 < told[i].Bytes && told[i].Bytes <= measured[i].Bytes {
			told[i].Bytes = measured[i].Bytes
		}
		if told[i].Kind == "" {
			t.Errorf("%s is of no kind", told[i].Path)
		}
		told[i].Kind = ""
	}
}

func TestInspectTable(t *testing.T) {
	got := cairn(t, "inspect", "--subtasks", "--files", snapshot(t, "2.3.0/hashmap-savepoint"))
	for _, want := range []string{
		"canonical savepoint 1", "version 6", "OPERATORS", "SUBTASKS", "MASTER STATES", "FILES",
		"keyed-counts-石", "7674cc5130c56369117b42168b4b5ade", "master-hook-🪨",
		`operator-states-\x00-😀`, // what would move the cursor is shown, not sent
	} {
		if !strings.Contains(got.stdout, want) {
			t.Errorf("%q is missing in\n%s", want, got.stdout)
		}
	}
	if strings.ContainsRune(got.stdout, 0) {
		t.Error("the output has a NUL")
	}
}

// The page that users read and the struct that the code writes say the same.
func TestInspectPageNamesEachKey(t *testing.T) {
	testPageNamesEachKey(t, "../../docs/inspect.md", cairn(t, "inspect", "-o", "json", snapshot(t, "2.3.0/hashmap-savepoint")).stdout)
}

func TestRestorePageNamesEachKey(t *testing.T) {
	testPageNamesEachKey(t, "../../docs/restore.md", cairn(t, "restore", "-o", "json", snapshot(t, "2.3.0/hashmap-savepoint")).stdout)
}

func testPageNamesEachKey(t *testing.T, page, output string) {
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	var report any
	if err := json.Unmarshal([]byte(output), &report); err != nil {
		t.Fatal(err)
	}
	for key := range keysOf(report) {
		if !strings.Contains(string(text), "`"+key+"`") {
			t.Errorf("%s does not name the key %q", page, key)
		}
	}
}

// keysOf collects the keys of all objects in a JSON value.
func keysOf(value any) map[string]bool {
	keys := map[string]bool{}
	switch v := value.(type) {
	case map[string]any:
		for key, inner := range v {
			keys[key] = true
			for k := range keysOf(inner) {
				keys[k] = true
			}
		}
	case []any:
		for _, inner := range v {
			for k := range keysOf(inner) {
				keys[k] = true
			}
		}
	}
	return keys
}

func readJSON(t *testing.T, path string, into any) {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, into); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
}
