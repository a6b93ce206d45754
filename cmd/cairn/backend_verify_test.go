package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"strings"
	"testing"

	"github.com/cairnstate/cairn/storage/backend"
	"github.com/cairnstate/cairn/storage/mem"
	"github.com/cairnstate/cairn/storage/storagetest"
)

func TestVerifyALocalFolder(t *testing.T) {
	dir := t.TempDir()
	got := cairn(t, "backend", "verify", dir, "-o", "json")
	if got.code != exitYes {
		t.Fatalf("code %d, stderr %s", got.code, got.stderr)
	}
	var report verifyReport
	if err := json.Unmarshal([]byte(got.stdout), &report); err != nil {
		t.Fatal(err)
	}
	if report.Verdict != kept || report.Speed == nil || report.Speed.Keys == 0 || len(report.Permissions) != 6 {
		t.Errorf("report: %s", got.stdout)
	}
	checks := 0
	for _, promise := range report.Promises {
		checks += len(promise.Checks)
	}
	if checks != len(storagetest.Checks()) {
		t.Errorf("%d checks, want all %d", checks, len(storagetest.Checks()))
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) != 0 {
		t.Errorf("it left %v, %v", left, err)
	}
}

func TestVerifyReadsASavepoint(t *testing.T) {
	got := cairn(t, "backend", "verify", "--read-only", snapshot(t, "2.3.0/hashmap-savepoint"))
	if got.code != exitYes || !strings.Contains(got.stdout, "yes, as far as reading can tell") {
		t.Errorf("code %d, stdout %s, stderr %s", got.code, got.stdout, got.stderr)
	}
	if strings.Contains(got.stdout, "nothing to read") {
		t.Errorf("the savepoint was not read: %s", got.stdout)
	}
}

// A wrong name and a disk that is not mounted are no stores, and nothing comes to be
// there. What --below adds to the name may be new, and is gone afterwards.
func TestVerifyAFolderThatIsNotThere(t *testing.T) {
	dir := t.TempDir()
	file := writeFile(t, "")
	for place, says := range map[string]string{dir + "/nosuch": "is the disk mounted", file: "is a file"} {
		for _, flags := range [][]string{nil, {"--read-only"}, {"--below", "trial"}} {
			got := cairn(t, append([]string{"backend", "verify", place}, flags...)...)
			if got.code != exitFailed || got.stdout != "" {
				t.Errorf("%s %q: code %d, stdout %s", place, flags, got.code, got.stdout)
			}
			if !strings.Contains(got.stderr, says) {
				t.Errorf("%s %q: stderr %s, want %q", place, flags, got.stderr, says)
			}
		}
	}
	if err := os.Mkdir(dir+"/mine", 0o700); err != nil {
		t.Fatal(err)
	}
	for _, below := range []string{"trial/today", "mine"} {
		if got := cairn(t, "backend", "verify", dir, "--no-speed", "--below", below); got.code != exitYes {
			t.Errorf("--below %s: code %d, stderr %s", below, got.code, got.stderr)
		}
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) != 1 || left[0].Name() != "mine" {
		t.Errorf("it left %v, %v, want the directory that was there", left, err)
	}
}

// Of nothing no yes can be said.
func TestVerifyReadsNothing(t *testing.T) {
	got := cairn(t, "backend", "verify", "--read-only", t.TempDir())
	if got.code != exitFailed || !strings.Contains(got.stderr, "nothing to read") {
		t.Errorf("code %d, stderr %s", got.code, got.stderr)
	}
}

func TestVerifyUsage(t *testing.T) {
	for _, args := range [][]string{
		{}, {"ftp://host/dir"}, {"s3://b?colour=red"}, {"/tmp", "--below", "../x"}, {"s3://b?%zz"}, {""},
		{t.TempDir() + "?read-only=true"},
	} {
		if got := cairn(t, append([]string{"backend", "verify"}, args...)...); got.code != exitUsage {
			t.Errorf("%q: code %d, stderr %s", args, got.code, got.stderr)
		}
	}
}

// forgetful is a store that breaks or denies what a test says.
type forgetful struct {
	backend.Through
	noCondition bool
	denied      map[string]bool // verbs
}

func (f *forgetful) deny(op, key string) error {
	if f.denied[op] {
		return &backend.Error{Backend: "mem", Op: op, Key: key, Err: fs.ErrPermission}
	}
	return nil
}

func (f *forgetful) Create(ctx context.Context, key string, opts *backend.CreateOptions) (backend.Writer, error) {
	if err := f.deny("create", key); err != nil {
		return nil, err
	}
	if f.noCondition {
		opts = nil
	}
	return f.Through.Create(ctx, key, opts)
}

func (f *forgetful) Delete(ctx context.Context, key string) error {
	if err := f.deny("delete", key); err != nil {
		return err
	}
	return f.Through.Delete(ctx, key)
}

func (f *forgetful) DeleteAll(ctx context.Context, keys []string) error {
	var failed []error
	for _, key := range keys {
		failed = append(failed, f.Delete(ctx, key))
	}
	return errors.Join(failed...)
}

func (f *forgetful) Stat(ctx context.Context, key string) (backend.Info, error) {
	if err := f.deny("stat", key); err != nil {
		return backend.Info{}, err
	}
	return f.Through.Stat(ctx, key)
}

func verifyTargetOf(f *forgetful) *verifyTarget {
	f.Backend = new(mem.Backend)
	return &verifyTarget{root: backend.Root{Scheme: "s3", Authority: "b"}, backend: f, below: "x", dir: "x/cairn-verify-1"}
}

func TestVerifySaysWhatIsBroken(t *testing.T) {
	report, err := verify(t.Context(), verifyTargetOf(&forgetful{noCondition: true}), &verifyOptions{noSpeed: true}, newProgress(new(bytes.Buffer)))
	if err != nil {
		t.Fatal(err)
	}
	var table bytes.Buffer
	if err := writeVerifyReport(&table, report, outputTable); err != nil {
		t.Fatal(err)
	}
	for _, says := range []string{"NO: the store breaks", "conditional writes", "BROKEN", "exclusive creation has one winner"} {
		if !strings.Contains(table.String(), says) {
			t.Errorf("the table does not say %q:\n%s", says, table.String())
		}
	}
	if coded, ok := errors.AsType[*codedError](report.answer()); !ok || coded.code != exitNo {
		t.Errorf("the answer is %v", report.answer())
	}
}

func TestVerifySaysWhatIsDenied(t *testing.T) {
	for verb, permission := range map[string]string{"create": "s3:PutObject", "delete": "s3:DeleteObject", "stat": "s3:ListBucket"} {
		target := verifyTargetOf(&forgetful{denied: map[string]bool{verb: true}})
		report, err := verify(t.Context(), target, &verifyOptions{}, newProgress(new(bytes.Buffer)))
		if err != nil {
			t.Fatal(err)
		}
		if report.Verdict != denied {
			t.Errorf("%s: the verdict is %q", verb, report.Verdict)
		}
		if no := report.answer(); no == nil || !strings.Contains(no.Error(), permission) {
			t.Errorf("%s: the answer is %v, want %s in it", verb, no, permission)
		}
		if no := report.answer(); verb == "delete" && !strings.Contains(no.Error(), `"x/cairn-verify-1/probe" is left behind`) {
			t.Errorf("what may not be deleted is not named: %v", no)
		}
	}
}

func TestVerifyInterruptedLeavesNothing(t *testing.T) {
	target := verifyTargetOf(new(forgetful))
	ctx, cancel := context.WithCancel(t.Context())
	show := newProgress(writerFunc(func(p []byte) { // in the middle of the checks
		if bytes.Contains(p, []byte("page to page")) {
			cancel()
		}
	}))
	show.terminal = true
	_, err := verify(ctx, target, new(verifyOptions), show)
	if !errors.Is(err, context.Canceled) {
		t.Errorf("it ends with %v", err)
	}
	for info := range target.backend.List(t.Context(), "") {
		t.Errorf("it left %q", info.Key)
	}
}

type writerFunc func([]byte)

func (w writerFunc) Write(p []byte) (int, error) { w(p); return len(p), nil }
