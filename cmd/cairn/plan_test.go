package main

import (
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/checkpoint/metadata"
	"github.com/cairnstate/cairn/job"
	"github.com/cairnstate/cairn/restore"
)

// flinkRest is what real Flink says of jobs.
const flinkRest = "../../testdata/flink-rest"

// planJSON plans and returns the report and the exit code.
func planJSON(t *testing.T, args ...string) (*planReport, int) {
	t.Helper()
	got := cairn(t, append([]string{"plan", "-o", "json"}, args...)...)
	report := new(planReport)
	if err := json.Unmarshal([]byte(got.stdout), report); err != nil {
		t.Fatalf("plan %q: %v; stderr: %s", args, err, got.stderr)
	}
	return report, got.code
}

// retained returns a retained checkpoint of a case.
func retained(t *testing.T, testCase string) string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(flinkData, testCase, "*", "chk-*", "_metadata"))
	if err != nil || len(found) == 0 {
		t.Fatalf("%s: found no checkpoint (%v)", testCase, err)
	}
	return filepath.Dir(slices.Max(found))
}

// The plan says of each subtask what a dry run of the restore says.
func TestPlanAgreesWithRestore(t *testing.T) {
	savepoint := snapshot(t, "2.3.0/hashmap-savepoint")
	for _, parallelism := range []string{"2", "3", "128"} {
		plan, code := planJSON(t, savepoint, "--parallelism", parallelism, "--files")
		dry := restoreJSON(t, savepoint, "--parallelism", parallelism, "--dry-run")
		if code != exitYes || plan.Answer != answerYes || len(plan.Vertices) != len(dry.Vertices) {
			t.Fatalf("exit code %d, %s, %d vertices", code, plan.Answer, len(plan.Vertices))
		}
		for i, v := range plan.Vertices {
			for k, s := range v.Subtasks {
				want := dry.Vertices[i].Subtasks[k]
				var files []string
				var states []stateReport
				for _, op := range want.Operators {
					files, states = append(files, op.Files...), append(states, op.States...)
				}
				if s.KeyGroups != want.KeyGroups || !slices.Equal(s.States, states) || !slices.Equal(s.Paths, files) || s.Files != len(files) {
					t.Errorf("parallelism %s: %s: subtask %d: plan %+v, restore %+v", parallelism, v.Name, k, s, want)
				}
			}
		}
	}
}

// A plan is made of metadata alone.
func TestPlanReadsNoState(t *testing.T) {
	savepoint := copied(t, "2.3.0/hashmap-savepoint")
	entries, err := os.ReadDir(savepoint)
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		if entry.Name() != "_metadata" {
			if err := os.Remove(filepath.Join(savepoint, entry.Name())); err != nil {
				t.Fatal(err)
			}
		}
	}
	if report, code := planJSON(t, savepoint, "--parallelism", "3"); code != exitYes || report.Read.Total == 0 {
		t.Errorf("exit code %d, reads %+v", code, report.Read)
	}
}

func TestPlanOfIncrementalState(t *testing.T) {
	report, code := planJSON(t, retained(t, "2.3.0/rocksdb-incremental-checkpoints"), "--parallelism", "100")
	if code != exitYes || report.Amplification == nil || *report.Amplification < 10 {
		t.Fatalf("exit code %d, amplification %v", code, report.Amplification)
	}
	kinds := map[string]int{}
	for _, s := range report.Suggestions {
		kinds[s.Kind]++
	}
	if kinds["uneven key groups"] != 2 || kinds["read amplification"] != 1 {
		t.Errorf("suggestions %+v", report.Suggestions)
	}
	if len(report.GetNothing) != 2 {
		t.Errorf("get nothing: %+v", report.GetNothing)
	}
}

// The legal range names what sets it.
func TestPlanLegalParallelism(t *testing.T) {
	unaligned := retained(t, "2.3.0/unaligned-checkpoints")
	report, _ := planJSON(t, unaligned)
	for _, v := range report.Vertices {
		pinned := v.Legal.Min == v.Parallelism && v.Legal.Max == v.Parallelism
		if inFlight := v.Stored.InFlight > 0; pinned != inFlight || v.Legal.Reason == "" {
			t.Errorf("%s has %d bytes in flight, and is legal at %+v", v.Name, v.Stored.InFlight, v.Legal)
		}
	}
	// With the edges of the job, which is all shuffles, it can be rescaled.
	report, code := planJSON(t, unaligned, "--job", filepath.Join(flinkRest, "2.3.0/in-flight.json"))
	for _, v := range report.Vertices {
		if v.Legal.Min != 1 || v.Legal.Max != 128 || code != exitYes {
			t.Errorf("exit code %d; %s is legal at %+v", code, v.Name, v.Legal)
		}
	}
}

func TestPlanExitCodes(t *testing.T) {
	savepoint := snapshot(t, "2.3.0/hashmap-savepoint")
	twoWrong := writeFile(t, "vertices:\n  - {name: counts, parallelism: 200, operators: [{uid: keyed-counts-石}]}\n"+
		"  - {name: ticks, parallelism: 300, operators: [{uid: ticks-источник}]}\n")
	rest := func(name string) string { return filepath.Join(flinkRest, name) }
	for _, test := range []struct {
		name string
		args []string
		code int
		says []string // on standard error
	}{
		{"yes", []string{savepoint, "--parallelism", "3"}, exitYes, nil},
		{"no", []string{savepoint, "--parallelism", "129"}, exitNo, []string{"keyed counts", "raw states", "128 or less"}},
		{"all reasons", []string{savepoint, "--job", twoWrong}, exitNo, []string{"vertex counts", "vertex ticks", "no such operator"}},
		{"all reasons that are left", []string{savepoint, "--job", twoWrong, "--allow-non-restored-state"}, exitNo, []string{"vertex counts", "vertex ticks"}},
		{"no such savepoint", []string{"/no/such/savepoint"}, exitFailed, []string{"/no/such/savepoint"}},
		{"no such format", []string{savepoint, "-o", "png"}, exitUsage, []string{"svg"}},
		{"two jobs", []string{savepoint, "--job", twoWrong, "--parallelism", "3"}, exitUsage, []string{"--job"}},
		{"chain heads", []string{savepoint, "--job", rest("2.3.0/features.json")}, exitFailed, []string{"not known", "operator-states", "names only chain heads", "job.yaml"}},
		{"only the plan", []string{savepoint, "--job", rest("2.3.0/features-plan.json")}, exitFailed, []string{"max parallelism 128"}},
		{"execution plan", []string{savepoint, "--job", rest("2.3.0/features-execution-plan.json")}, exitUsage, []string{"numbers operators"}},
		{"picture nowhere", []string{savepoint, "--svg", filepath.Join(t.TempDir(), "no", "plan.svg")}, exitFailed, []string{"plan.svg"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := cairn(t, append([]string{"plan"}, test.args...)...)
			if got.code != test.code || test.says == nil && got.stderr != "" {
				t.Errorf("exit code %d, want %d; stderr: %s", got.code, test.code, got.stderr)
			}
			for _, want := range test.says {
				if !strings.Contains(got.stderr, want) {
					t.Errorf("%q is missing in %s", want, got.stderr)
				}
			}
		})
	}
}

// What is not known is told apart from no, in the report too, and what is known is shown.
func TestPlanUnknown(t *testing.T) {
	savepoint := snapshot(t, "2.3.0/hashmap-savepoint")
	report, code := planJSON(t, savepoint, "--job", filepath.Join(flinkRest, "2.3.0/features.json"))
	if code != exitFailed || report.Answer != answerUnknown || len(report.Refusals) != 0 {
		t.Errorf("exit code %d, answer %s", code, report.Answer)
	}
	if len(report.Unknown) != 1 || report.Unknown[0].Operator != "5c27988c023a2e60ec24cc532ea854de" || report.Unknown[0].StateBytes == 0 {
		t.Errorf("unknown: %+v", report.Unknown)
	}
	if report.Read.Keyed == 0 || len(report.Vertices) != 4 {
		t.Errorf("reads %+v in %d vertices", report.Read, len(report.Vertices))
	}
}

// Where data in flight goes when a job is rescaled, its edges decide, and a checkpoint
// does not have them: that is no no.
func TestDataInFlightOfADerivedJobIsUnknown(t *testing.T) {
	unaligned := retained(t, "2.3.0/unaligned-checkpoints")
	report, code := planJSON(t, unaligned, "--parallelism", "5")
	if code != exitFailed || report.Answer != answerUnknown || len(report.Refusals) != 0 || len(report.Unknown) != 3 {
		t.Errorf("exit code %d, answer %s, refusals %+v, unknown %+v", code, report.Answer, report.Refusals, report.Unknown)
	}
	for _, u := range report.Unknown {
		if u.Kind != "edges" || u.Vertex == "" || u.Operator == "" || !strings.Contains(u.Advice, "with its inputs") {
			t.Errorf("unknown: %+v", u)
		}
	}
	for _, args := range [][]string{{"plan", unaligned, "--parallelism", "5"}, {"restore", unaligned, "--parallelism", "5"}} {
		got := cairn(t, args...)
		if got.code != exitFailed || !strings.Contains(got.stderr, "who it goes to at parallelism 5 instead of 3") || strings.Contains(got.stdout, "reads") {
			t.Errorf("%q: %+v, want exit code %d", args, got, exitFailed)
		}
	}
	for _, yes := range [][]string{nil, {"--parallelism", "last=5"}} { // as it was, or where nothing was in flight
		if report, code := planJSON(t, append([]string{unaligned}, yes...)...); code != exitYes || report.Answer != answerYes {
			t.Errorf("%q: exit code %d, answer %s", yes, code, report.Answer)
		}
	}
	// What is wrong for certain is still a no.
	if got := cairn(t, "plan", unaligned, "--parallelism", "129"); got.code != exitNo || strings.Contains(got.stderr, "in flight") {
		t.Errorf("%+v, want exit code %d", got, exitNo)
	}
}

// A job with gaps restores if none of them matters, and not otherwise.
func TestRestoreIntoJobOfFlink(t *testing.T) {
	unaligned := retained(t, "2.3.0/unaligned-checkpoints")
	restoreJSON(t, unaligned, "--job", filepath.Join(flinkRest, "2.3.0/in-flight.json"), "--dry-run")
	got := cairn(t, "restore", snapshot(t, "2.3.0/hashmap-savepoint"), "--job", filepath.Join(flinkRest, "2.3.0/features.json"), "--dry-run")
	if got.code != exitFailed || got.stdout != "" || !strings.Contains(got.stderr, "names only chain heads") {
		t.Errorf("got %+v", got)
	}
}

func TestPlanTable(t *testing.T) {
	got := cairn(t, "plan", snapshot(t, "2.3.0/hashmap-savepoint"), "--parallelism", "3", "--files")
	for _, want := range []string{
		"restores    yes", "VERTICES", "4 → 3", "1-128", "43-85", "████", "GET NOTHING", "slow numbers",
		"lis…", "by subtask", "of files", "…, ",
	} {
		if !strings.Contains(got.stdout, want) {
			t.Errorf("%q is missing in\n%s", want, got.stdout)
		}
	}
}

// A thousand subtasks fit a screen: the extremes and how the others are spread.
func TestPlanTableOfManySubtasks(t *testing.T) {
	args := []string{"plan", retained(t, "2.3.0/rocksdb-incremental-checkpoints"), "--parallelism", "127"}
	some, all := cairn(t, args...), cairn(t, append(args, "--subtasks")...)
	if n := strings.Count(some.stdout, "\n"); n > 150 || n < 30 {
		t.Errorf("%d lines", n)
	}
	for _, want := range []string{"the 5 largest and the 5 smallest of 127 subtasks", "of all subtasks:", "64 and 128", "25"} {
		if !strings.Contains(some.stdout, want) {
			t.Errorf("%q is missing in\n%s", want, some.stdout)
		}
	}
	if n := strings.Count(all.stdout, "\n"); n < 5*127 {
		t.Errorf("%d lines with all subtasks", n)
	}
	for line := range strings.Lines(some.stdout + all.stdout) {
		if width := utf8.RuneCountInString(strings.TrimSuffix(line, "\n")); width > 120 && !strings.HasPrefix(line, "checkpoint") {
			t.Errorf("%d columns: %s", width, line)
		}
	}
}

func TestPlanPageNamesEachKey(t *testing.T) {
	const page = "../../docs/plan.md"
	savepoint := snapshot(t, "2.3.0/hashmap-savepoint")
	none := writeFile(t, "vertices:\n  - {name: counts, parallelism: 200, operators: [{uid: keyed-counts-石}]}\n")
	for _, args := range [][]string{
		{retained(t, "2.3.0/rocksdb-incremental-checkpoints"), "--parallelism", "100", "--files"},
		{savepoint, "--job", none},
		{savepoint, "--job", filepath.Join(flinkRest, "2.3.0/features.json")},
	} {
		testPageNamesEachKey(t, page, cairn(t, append([]string{"plan", "-o", "json"}, args...)...).stdout)
	}
}

// The page shows a picture that is drawn anew here; -update writes it.
func TestPictureOfPlan(t *testing.T) {
	const picture = "../../docs/plan.svg"
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	got := cairn(t, "plan", retained(t, "2.3.0/rocksdb-incremental-checkpoints"), "--parallelism", "9", "-o", "svg")
	drawn := strings.ReplaceAll(got.stdout, "file:"+root, "file:/cairn")
	if *update {
		if err := os.WriteFile(picture, []byte(drawn), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	kept, err := os.ReadFile(picture)
	if err != nil {
		t.Fatal(err)
	}
	if string(kept) != drawn {
		t.Errorf("%s is another picture; go test ./cmd/cairn -run %s -update draws it anew", picture, t.Name())
	}
}

// Every real snapshot can be drawn at any parallelism, twice the same, as XML whose
// shapes stay on the page.
func TestPicturesOfRealSnapshots(t *testing.T) {
	snapshots, err := filepath.Glob(filepath.Join(flinkData, "2.*", "*", "*", "chk-3", "_metadata"))
	if err != nil || len(snapshots) == 0 {
		t.Fatalf("no data of real Flink found (%v)", err)
	}
	for _, metadata := range append(snapshots, filepath.Join(snapshot(t, "2.3.0/hashmap-savepoint"), "_metadata")) {
		for _, parallelism := range []string{"", "1", "7", "128"} {
			args := []string{"plan", filepath.Dir(metadata), "-o", "svg"}
			if parallelism != "" {
				args = append(args, "--parallelism", parallelism)
			}
			got := cairn(t, args...)
			if got.code == exitFailed && got.stdout == "" && strings.Contains(got.stderr, "data was in flight") {
				continue // the edges of the job are not known
			}
			if again := cairn(t, args...); got.code != exitYes || again.stdout != got.stdout {
				t.Fatalf("%q: exit code %d, same again: %v", args, got.code, again.stdout == got.stdout)
			}
			if err := checkPicture(got.stdout); err != nil {
				t.Errorf("%q: %v", args, err)
			}
		}
	}
}

// manySubtasks is a plan of 1000 subtasks to 1400, over 4096 key groups.
func manySubtasks(t *testing.T, handle func(checkpoint.KeyGroupRange) checkpoint.KeyedStateHandle) *planned {
	t.Helper()
	const old, keyGroups = 1000, 4096
	op := checkpoint.OperatorState{ID: checkpoint.OperatorIDFromUID("a"), UID: "a", Parallelism: old, MaxParallelism: keyGroups}
	for i := range int32(old) {
		op.Subtasks = append(op.Subtasks, checkpoint.SubtaskState{Index: i, State: &checkpoint.OperatorSubtaskState{
			ManagedKeyedState: handle(checkpoint.KeyGroupRangeForSubtask(i, keyGroups, old))}})
	}
	md := checkpoint.Metadata{CheckpointID: 7, Operators: []checkpoint.OperatorState{op}}
	j, err := job.FromMetadata(&md, job.Parallelism{All: 1400})
	if err != nil {
		t.Fatal(err)
	}
	p := &planned{decision: decide(&md, j, false), job: j, ranges: restore.LegalRanges(j, md.Operators),
		loaded: &loaded{pointer: "file:/a", metadataFile: "file:/a/_metadata", file: &metadata.File{Metadata: md}}}
	p.plan = restore.NewPlan(p.assignment)
	return p
}

// Of many subtasks several share a cell, and the bands are as if there were few:
// those of full snapshots go straight down, those of incremental state fan out.
func TestPictureOfManySubtasks(t *testing.T) {
	for name, test := range map[string]struct {
		handle   func(checkpoint.KeyGroupRange) checkpoint.KeyedStateHandle
		straight bool
	}{
		"full": {func(r checkpoint.KeyGroupRange) checkpoint.KeyedStateHandle {
			h := &checkpoint.KeyGroupsStateHandle{Range: r, Delegate: &checkpoint.FileStateHandle{Path: fmt.Sprint("/a/", r.Start), Size: 10 + 100*int64(r.Count)}}
			for i := range r.Count {
				h.Offsets = append(h.Offsets, 10+100*int64(i))
			}
			return h
		}, true},
		"incremental": {func(r checkpoint.KeyGroupRange) checkpoint.KeyedStateHandle {
			return &checkpoint.IncrementalRemoteKeyedStateHandle{Range: r, MetaState: &checkpoint.FileStateHandle{Path: fmt.Sprint("/a/", r.Start), Size: 1000}}
		}, false},
	} {
		t.Run(name, func(t *testing.T) {
			p := manySubtasks(t, test.handle)
			var picture, table strings.Builder
			if err := errors.Join(drawPlan(&picture, p), checkPicture(picture.String())); err != nil {
				t.Error(err)
			}
			if size := picture.Len(); size > 1<<20 || !strings.Contains(picture.String(), "5 to a cell, which shows the largest") {
				t.Errorf("%d bytes, or it does not say that cells are shared", size)
			}
			panel := newPanel(&p.plan.Vertices[0], &p.plan.Vertices[0].Keyed[0])
			fans := slices.ContainsFunc(panel.flows, func(f flow) bool { return f.from != f.to })
			if fans == test.straight || len(panel.flows) < len(panel.new) {
				t.Errorf("%d flows over %d cells; some fan out: %v", len(panel.flows), len(panel.new), fans)
			}
			if err := writePlanTables(&table, newPlanReport(p), false); err != nil || strings.Count(table.String(), "\n") > 50 {
				t.Errorf("%v; the table:\n%s", err, table.String())
			}
		})
	}
}

func checkPicture(picture string) error {
	decoder, rects := xml.NewDecoder(strings.NewReader(picture)), 0
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		element, ok := token.(xml.StartElement)
		if !ok || element.Name.Local != "rect" {
			continue
		}
		rects++
		var x, width float64
		for _, attr := range element.Attr {
			switch attr.Name.Local {
			case "x":
				_, err = fmt.Sscan(attr.Value, &x)
			case "width":
				_, err = fmt.Sscan(attr.Value, &width)
			}
			if err != nil {
				return fmt.Errorf("%s of a rectangle: %w", attr.Name.Local, err)
			}
		}
		if x < 0 || width < 0 || x+width > svgWidth {
			return fmt.Errorf("a rectangle from %v, %v wide", x, width)
		}
	}
	if rects < 1 || strings.Contains(picture, "NaN") {
		return fmt.Errorf("%d rectangles, or figures that are none", rects)
	}
	return nil
}

func TestPlanSVGFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "plan.svg")
	savepoint := snapshot(t, "2.3.0/hashmap-savepoint")
	table := cairn(t, "plan", savepoint, "--svg", file)
	drawn, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if toStdout := cairn(t, "plan", savepoint, "-o", "svg"); toStdout.stdout != string(drawn) || !strings.Contains(table.stdout, "VERTICES") {
		t.Errorf("the file and -o svg differ, or there is no table:\n%s", table.stdout)
	}
}

func TestBars(t *testing.T) {
	for _, test := range []struct {
		value, whole int64
		want         string
	}{{0, 10, ""}, {10, 10, "████"}, {5, 10, "██"}, {1, 1000, "▏"}, {9, 16, "██▎"}, {20, 10, "████"}, {1, 0, ""}} {
		if got := bar(test.value, test.whole, 4); got != test.want {
			t.Errorf("bar(%d, %d) = %q, want %q", test.value, test.whole, got, test.want)
		}
	}
	if got, want := sparkline([]int64{0, 1, 4, 8}, 10), " ▂▅█"; got != want {
		t.Errorf("sparkline %q, want %q", got, want)
	}
	if got, want := sparkline([]int64{8, 1, 0, 0, 4, 1}, 3), "█ ▅"; got != want {
		t.Errorf("sparkline of runs %q, want %q", got, want)
	}
	total := 0
	for _, b := range distribution([]int64{1, 1, 5, 9, 100}, 8) {
		total += b.Count
	}
	if total != 5 {
		t.Errorf("a distribution of 5 values has %d", total)
	}
}
