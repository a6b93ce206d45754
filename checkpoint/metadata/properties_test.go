package metadata

import (
	"bytes"
	"encoding/hex"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/cairnstate/cairn/checkpoint"
)

// What Flink wrote, in three pieces: up to the seven flags, and after them the
// types of checkpoints and of savepoints (canonical).
const (
	blobHead = `
		aced0005737200386f72672e6170616368652e666c696e6b2e72756e74696d652e636865636b706f696e742e436865636b706f696e7450726f70657274696573
		00000000000000020200085a00106469736361726443616e63656c6c65645a000d646973636172644661696c65645a000f6469736361726446696e6973686564
		5a000f6469736361726453756273756d65645a00106469736361726453757370656e6465645a0006666f726365645a0009756e636c61696d65644c000e636865
		636b706f696e74547970657400324c6f72672f6170616368652f666c696e6b2f72756e74696d652f636865636b706f696e742f536e617073686f74547970653b
		7870`
	blobCheckpoint = `
		737200326f72672e6170616368652e666c696e6b2e72756e74696d652e636865636b706f696e742e436865636b706f696e7454797065d6
		de4f0305ae1d3a0200024c00046e616d657400124c6a6176612f6c616e672f537472696e673b4c001473686172696e6746696c65735374726174656779740047
		4c6f72672f6170616368652f666c696e6b2f72756e74696d652f636865636b706f696e742f536e617073686f74547970652453686172696e6746696c65735374
		7261746567793b787074000a436865636b706f696e747e7200456f72672e6170616368652e666c696e6b2e72756e74696d652e636865636b706f696e742e536e
		617073686f74547970652453686172696e6746696c6573537472617465677900000000000000001200007872000e6a6176612e6c616e672e456e756d00000000
		000000001200007870740010464f52574152445f4241434b57415244`
	blobSavepoint = `
		737200316f72672e6170616368652e666c696e6b2e72756e74696d652e636865636b706f696e742e53617665706f696e7454797065a087
		d308a45814b80200034c000a666f726d6174547970657400354c6f72672f6170616368652f666c696e6b2f636f72652f657865637574696f6e2f53617665706f
		696e74466f726d6174547970653b4c00046e616d657400124c6a6176612f6c616e672f537472696e673b4c0014706f7374436865636b706f696e74416374696f
		6e7400484c6f72672f6170616368652f666c696e6b2f72756e74696d652f636865636b706f696e742f53617665706f696e745479706524506f7374436865636b
		706f696e74416374696f6e3b78707e7200336f72672e6170616368652e666c696e6b2e636f72652e657865637574696f6e2e53617665706f696e74466f726d61
		745479706500000000000000001200007872000e6a6176612e6c616e672e456e756d0000000000000000120000787074000943414e4f4e4943414c7400095361
		7665706f696e747e7200466f72672e6170616368652e666c696e6b2e72756e74696d652e636865636b706f696e742e53617665706f696e745479706524506f73
		74436865636b706f696e74416374696f6e00000000000000001200007871007e00097400044e4f4e45`
)

// javaUTF is a string as it stands in a stream, in hex.
func javaUTF(s string) string {
	return hex.EncodeToString(append([]byte{byte(len(s) >> 8), byte(len(s))}, s...))
}

func blob(t testing.TB, pieces ...string) []byte {
	t.Helper()
	data, err := hex.DecodeString(strings.Join(strings.Fields(strings.Join(pieces, "")), ""))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// replaced replaces one string in a piece of a stream by another.
func replaced(piece, old, with string) string {
	piece = strings.Join(strings.Fields(piece), "")
	return strings.Replace(piece, javaUTF(old), javaUTF(with), 1)
}

func TestProperties(t *testing.T) {
	retained := checkpoint.CheckpointProperties(checkpoint.RetainOnCancellation)
	full := checkpoint.CheckpointProperties(checkpoint.NeverRetainAfterTermination)
	full.Type = checkpoint.FullCheckpointType
	fullType := replaced(replaced(blobCheckpoint, "Checkpoint", "Full Checkpoint"), "FORWARD_BACKWARD", "FORWARD")
	terminate := replaced(replaced(blobSavepoint, "Savepoint", "Terminate Savepoint"), "NONE", "TERMINATE")
	suspend := replaced(replaced(blobSavepoint, "Savepoint", "Suspend Savepoint"), "NONE", "SUSPEND")

	tests := []struct {
		name string
		blob []byte
		size int
		want checkpoint.Properties
	}{
		{"checkpoint retained on cancellation", blob(t, blobHead, "00000101000000", blobCheckpoint), 604, retained},
		{
			"checkpoint retained on failure", blob(t, blobHead, "01000101010000", blobCheckpoint), 604,
			checkpoint.CheckpointProperties(checkpoint.RetainOnFailure),
		},
		{"full checkpoint never retained", blob(t, blobHead, "01010101010000", fullType), 600, full},
		{
			"savepoint", blob(t, blobHead, "00000000000100", blobSavepoint), 745,
			checkpoint.SavepointProperties(checkpoint.Canonical, checkpoint.ActionNone, true),
		},
		{
			"native savepoint", blob(t, blobHead, "00000000000000", replaced(blobSavepoint, "CANONICAL", "NATIVE")), 742,
			checkpoint.SavepointProperties(checkpoint.Native, checkpoint.ActionNone, false),
		},
		{
			"stop with savepoint, drained", blob(t, blobHead, "00000000000100", terminate), 760,
			checkpoint.SavepointProperties(checkpoint.Canonical, checkpoint.ActionTerminate, true),
		},
		{
			"stop with savepoint", blob(t, blobHead, "00000000000100", suspend), 756,
			checkpoint.SavepointProperties(checkpoint.Canonical, checkpoint.ActionSuspend, true),
		},
		{"unclaimed", blob(t, blobHead, "00000000000001", blobSavepoint), 745, checkpoint.UnclaimedProperties()},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if len(test.blob) != test.size {
				t.Fatalf("the test's blob has %d bytes, Flink's %d", len(test.blob), test.size)
			}
			checkProperties(t, test.blob, &test.want)
		})
	}
	t.Run("none", func(t *testing.T) { checkProperties(t, blob(t, "aced000570"), nil) })
}

// checkProperties decodes the blob, and makes it anew.
func checkProperties(t *testing.T, blob []byte, want *checkpoint.Properties) {
	t.Helper()
	d := &decoder{data: append(blob, "more"...), mem: newMemory(len(blob))}
	kept, got := d.properties()
	if d.err != nil || (got == nil) != (want == nil) || want != nil && *got != *want {
		t.Fatalf("decoded %+v, want %+v; error %v", got, want, d.err)
	}
	if !bytes.Equal(kept, blob) || d.left() != 4 {
		t.Errorf("took %d bytes, want the %d of the blob", len(kept), len(blob))
	}
	made := &encoder{}
	made.properties(want, nil)
	if made.err != nil || !bytes.Equal(made.buf, blob) {
		t.Errorf("made\n%x, Flink made\n%x; error %v", made.buf, blob, made.err)
	}
}

// TestPropertiesVerbatim: a blob that a class of another shape left behind is
// written as it was for as long as it tells the truth.
func TestPropertiesVerbatim(t *testing.T) {
	p := checkpoint.CheckpointProperties(checkpoint.RetainOnCancellation)
	other := blob(t, strings.Replace(strings.Join(strings.Fields(blobHead), ""), "0000000000000002", "0000000000000003", 1),
		"00000101000000", blobCheckpoint)
	e := &encoder{}
	e.properties(&p, other)
	if !bytes.Equal(e.buf, other) {
		t.Error("the blob says the same as the properties, and was not written verbatim")
	}
	p.Forced = true
	e = &encoder{}
	e.properties(&p, other)
	if want := blob(t, blobHead, "00000101000100", blobCheckpoint); !bytes.Equal(e.buf, want) {
		t.Errorf("the properties have changed: got\n%x, want\n%x", e.buf, want)
	}
}

func TestPropertiesMalformed(t *testing.T) {
	selfParent := "aced0005 73 72 0001 41" + "0000000000000000 02 0000 78 71 007e0000"
	tests := map[string]string{
		"no stream":               "cafe0005 70",
		"cut off":                 "aced0005",
		"unknown token":           "aced0005 75",
		"a mere string":           "aced0005 74 0001 61",
		"a reference to nothing":  "aced0005 71 007e0000",
		"an early reference":      "aced0005 71 00000000",
		"an object without class": "aced0005 73 70",
		"another object":          "aced0005 73 72 0001 41 0000000000000000 02 0000 78 70",
		"a class of its own kind": selfParent,
		"custom data":             "aced0005 73 72 0001 41 0000000000000000 03 0000 78 70",
		"an array":                "aced0005 73 72 0001 41 0000000000000000 02 0001 5b 0001 61 74 0002 5b49 78 70 70",
		"very many fields":        "aced0005 73 72 0001 41 0000000000000000 02 ffff",
		"no snapshot type":        "aced0005 73 72" + javaUTF(classPropertiesName) + "0000000000000002 02 0000 78 70",
		"deep classes":            "aced0005 73" + strings.Repeat("72 0001 41 0000000000000000 02 0000 78", 100) + "70",
		"deep objects":            "aced0005" + strings.Repeat("73 72 0001 41 0000000000000000 02 0001 4c 0001 61 74 0001 62 78 70", 100),
		"very many strings": "aced0005 73 72 0001 41 0000000000000000 02 0040" +
			strings.Repeat("4c 0001 61 74 0001 62", 64) + "78 70",
		"another type": string(blobHead) + "00000000000000 73 72 0001 41 0000000000000000 02 0000 78 70",
	}
	for name, digits := range tests {
		t.Run(name, func(t *testing.T) {
			data := blob(t, digits)
			d := &decoder{data: data, mem: newMemory(len(data))}
			if _, p := d.properties(); !errors.Is(d.err, ErrCorrupt) {
				t.Errorf("decoded %+v, error %v; want ErrCorrupt", p, d.err)
			}
		})
	}
}

func FuzzProperties(f *testing.F) {
	f.Add(blob(f, blobHead, "00000101000000", blobCheckpoint))
	f.Add(blob(f, blobHead, "00000000000100", blobSavepoint))
	f.Add(blob(f, "aced000570"))
	f.Fuzz(func(t *testing.T, data []byte) {
		d := &decoder{data: data, mem: newMemory(len(data))}
		kept, p := d.properties()
		if d.err != nil {
			return
		}
		e := &encoder{}
		if e.properties(p, kept); e.err != nil || !bytes.Equal(e.buf, kept) {
			t.Errorf("%x was not written verbatim but as\n%x, error %v", kept, e.buf, e.err)
		}
		made := &encoder{}
		if made.properties(p, nil); made.err != nil {
			t.Fatalf("%+v cannot be written: %v", p, made.err)
		}
		if !saysTheSame(made.buf, p) {
			t.Errorf("%+v is something else once it is written as\n%x", p, made.buf)
		}
	})
}

// TestPropertiesOfFlink makes the properties of every snapshot in testdata anew,
// to the bytes that Flink wrote.
func TestPropertiesOfFlink(t *testing.T) {
	var made int
	for _, name := range realFiles(t) {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		f, err := Decode(data, nil)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if f.Version < Version4 {
			continue
		}
		made++
		checkProperties(t, f.PropertiesBlob, f.Properties)
	}
	if made == 0 {
		t.Error("no snapshot of version 4 or later in testdata")
	}
}

// realFiles returns the names of all metadata files in testdata.
func realFiles(t testing.TB) []string {
	t.Helper()
	var names []string
	err := filepath.WalkDir("../../testdata/flink", func(path string, entry os.DirEntry, err error) error {
		if err == nil && entry.Name() == "_metadata" {
			names = append(names, path)
		}
		return err
	})
	if err != nil || len(names) == 0 {
		t.Fatalf("no _metadata below testdata/flink: make it with `make flink-data` (%v)", err)
	}
	return names
}
