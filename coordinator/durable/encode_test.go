package durable

import (
	"bytes"
	"errors"
	"flag"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/cairnstate/cairn/checkpoint"
)

var update = flag.Bool("update", false, "write testdata anew")

const goldenFile = "testdata/coordinator-v1.json"

// golden is a ledger with something of everything.
func golden() ledger {
	at := time.Date(2026, 11, 25, 3, 0, 0, 500, time.UTC)
	created := propertiesOf(checkpoint.SavepointProperties(checkpoint.Native, checkpoint.ActionSuspend, true))
	return ledger{
		Job: "a1b2c3d4e5f60708090a0b0c0d0e0f10", Epoch: 3, Change: 118, Changed: at.Add(time.Hour), Next: 44,
		Leader: leader{Name: "host-a, process 17", Token: "Q2LM6MMD7BYJ4RTW3NKCVCSTSE", Since: at},
		Ended:  "FINISHED",
		Retained: []entry{
			{ID: 12, Pointer: "s3://b/sp/savepoint-1", Properties: propertiesOf(checkpoint.UnclaimedProperties()), CreatedAs: &created, Operators: []string{"bc764cd8ddf7a0cff126f51c16239658"}},
			{ID: 41, Pointer: "s3://b/ck/job/chk-41", Owned: true, Properties: propertiesOf(checkpoint.CheckpointProperties(checkpoint.RetainOnFailure)), Triggered: at, Completed: at.Add(time.Second)},
		},
		Unfinished: []directory{{ID: 42, Epoch: 2}, {ID: 43, Directory: "s3://b/sp/savepoint-2", Savepoint: true, Epoch: 3}},
		Discarding: []directory{{ID: 40, Directory: "s3://b/ck/job/chk-40", Epoch: 3}},
		Abandoned:  []directory{{ID: 38, Directory: "s3://b/sp/savepoint-0", Savepoint: true, Epoch: 2}},
		Aborted:    idSet{39},
		GivenUp:    idSet{3, 7, 8, 9, 12},
		Claimed:    []string{"s3://b/other/chk-7"},
	}
}

// Every version that was ever written stays readable.
func TestTheFileThatWasWrittenIsRead(t *testing.T) {
	data, err := encode(golden())
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile(goldenFile, data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(goldenFile)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(data)); diff != "" {
		t.Errorf("what is written changed (-before +now):\n%s", diff)
	}
	l, err := decode(want)
	if diff := cmp.Diff(golden(), l, cmp.AllowUnexported(ledger{}, entry{}), cmpopts.IgnoreFields(entry{}, "checkpoint")); diff != "" || err != nil {
		t.Errorf("%v (-want +read):\n%s", err, diff)
	}
}

// No field is dropped that a later cairn may have written.
func TestWhatIsNotKnownIsRefused(t *testing.T) {
	state := []byte(`{"job":"x","epoch":1,"leader":{"name":"","token":"t","since":"2026-11-25T03:00:00Z"},"next":1,"color":"red"}`)
	data := strings.Join([]string{`{"format":"cairn coordinator","version":1,"sha256":"`, digest(state), `","state":`, string(state), "}"}, "")
	if _, err := decode([]byte(data)); !errors.Is(err, ErrCorrupt) || !strings.Contains(err.Error(), "color") {
		t.Errorf("an unknown field: %v", err)
	}
}

func TestPropertiesSurvive(t *testing.T) {
	for _, p := range []checkpoint.Properties{
		checkpoint.CheckpointProperties(checkpoint.NeverRetainAfterTermination),
		checkpoint.CheckpointProperties(checkpoint.RetainOnFailure),
		checkpoint.CheckpointProperties(checkpoint.RetainOnCancellation),
		checkpoint.SavepointProperties(checkpoint.Canonical, checkpoint.ActionTerminate, true),
		checkpoint.UnclaimedProperties(),
		{},
	} {
		if got := propertiesOf(p).value(); got != p {
			t.Errorf("%+v becomes %+v", p, got)
		}
	}
}

func TestIDSets(t *testing.T) {
	var s idSet
	for _, id := range []int64{9, 3, 7, 8, 7, 12} {
		s = s.with(id, 4)
	}
	if text, err := s.MarshalText(); string(text) != "7-9 12" || err != nil {
		t.Errorf("the four highest are written as %q, %v", text, err)
	}
	if text, _ := s.without(8).without(100).MarshalText(); string(text) != "7 9 12" {
		t.Errorf("without 8: %q", text)
	}
	for _, bad := range []string{"x", "3-", "-3", "5-4", "4 4", "4-6 5", "1-1000000000", "9223372036854775807-1"} {
		if err := new(idSet).UnmarshalText([]byte(bad)); err == nil {
			t.Errorf("%q was read", bad)
		}
	}
}

// What is read is written to the same bytes, whatever the file holds.
func FuzzDecode(f *testing.F) {
	data, err := encode(golden())
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data)
	f.Add([]byte(`{"format":"cairn coordinator","version":1,"sha256":"","state":{}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		l, err := decode(data)
		if err != nil {
			if !errors.Is(err, ErrCorrupt) && !errors.Is(err, ErrVersion) {
				t.Errorf("an error of no kind: %v", err)
			}
			return
		}
		once, err := encode(l)
		if err != nil {
			t.Fatal(err)
		}
		again, err := decode(once)
		if err != nil {
			t.Fatalf("what was written is not read: %v", err)
		}
		twice, err := encode(again)
		if err != nil || !bytes.Equal(once, twice) {
			t.Errorf("%v: it is written as\n%s\nand then as\n%s", err, once, twice)
		}
	})
}
