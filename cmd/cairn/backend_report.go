package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/cairnstate/cairn/storage/backend"
	"github.com/cairnstate/cairn/storage/storagetest"
)

// The states of a promise.
const (
	kept        = "kept"
	broken      = "broken"
	notPromised = "not promised"
	notAsked    = "not asked"
	denied      = "denied"
)

// verifyReport is the JSON of `cairn backend verify`.
type verifyReport struct {
	URL         string             `json:"url"`       // without parameters
	Directory   string             `json:"directory"` // the key that all was written below
	ReadOnly    bool               `json:"readOnly"`
	Verdict     string             `json:"verdict"` // "kept", "broken", or "denied" if only a permission is missing
	Seconds     float64            `json:"seconds"`
	Permissions []permissionReport `json:"permissions"`
	Promises    []promiseReport    `json:"promises"`
	Limits      []string           `json:"limits"`               // what the backend says that the store cannot do
	Speed       *speedReport       `json:"speed,omitempty"`      // absent if it was not measured
	LeftBehind  []string           `json:"leftBehind,omitempty"` // keys that could not be deleted
}

type permissionReport struct {
	Verb       string `json:"verb"`
	Permission string `json:"permission"` // in the words of the store
	Status     string `json:"status"`     // "granted", "missing" or "unknown"
	Detail     string `json:"detail,omitempty"`
}

// promiseReport is one topic, with its checks.
type promiseReport struct {
	Topic  string        `json:"topic"`
	Status string        `json:"status"`        // the worst of its checks
	How    string        `json:"how,omitempty"` // it is done, where there are several ways
	Checks []checkReport `json:"checks"`
}

type checkReport struct {
	Name         string  `json:"name"`
	Status       string  `json:"status"` // "kept", "broken", "not promised" or "not asked"
	Detail       string  `json:"detail,omitempty"`
	Milliseconds float64 `json:"milliseconds"`
}

func newVerifyReport(target *verifyTarget, opts *verifyOptions) *verifyReport {
	report := &verifyReport{
		URL: target.String(), Directory: target.dir, ReadOnly: opts.readOnly, Verdict: kept,
		Permissions: []permissionReport{}, Promises: []promiseReport{}, Limits: describeLimits(backend.LimitsOf(target.backend)),
	}
	if opts.readOnly {
		report.Directory = target.below
	}
	return report
}

// add notes what a check said.
func (r *verifyReport) add(check storagetest.Check, err error, took time.Duration) {
	result := checkReport{Name: check.Name, Status: kept, Milliseconds: milliseconds(took)}
	switch {
	case errors.Is(err, storagetest.ErrNotPromised):
		result.Status = notPromised
		result.Detail = strings.TrimPrefix(err.Error(), storagetest.ErrNotPromised.Error()+": ")
	case err != nil:
		result.Status, result.Detail = broken, err.Error()
	}
	r.append(check.Topic, result)
}

func (r *verifyReport) append(topic string, result checkReport) {
	if n := len(r.Promises); n == 0 || r.Promises[n-1].Topic != topic {
		r.Promises = append(r.Promises, promiseReport{Topic: topic, Status: result.Status})
	}
	promise := &r.Promises[len(r.Promises)-1]
	promise.Checks = append(promise.Checks, result)
	worst := []string{broken, notAsked, kept, notPromised}
	promise.Status = worst[min(slices.Index(worst, promise.Status), slices.Index(worst, result.Status))]
}

// obstacle says why the checks cannot be run, or is empty.
func (r *verifyReport) obstacle() string {
	for _, p := range r.Permissions {
		if p.Status == missing {
			return "the permission to " + p.Verb + " is missing"
		}
	}
	return ""
}

func (r *verifyReport) notAsked(checks []storagetest.Check, why string) {
	for _, check := range checks {
		r.append(check.Topic, checkReport{Name: check.Name, Status: notAsked, Detail: why})
	}
}

// judge sets the verdict.
func (r *verifyReport) judge() {
	isBroken := func(p promiseReport) bool { return p.Status == broken }
	isMissing := func(p permissionReport) bool { return p.Status == missing }
	switch {
	case slices.ContainsFunc(r.Promises, isBroken):
		r.Verdict = broken
	case slices.ContainsFunc(r.Permissions, isMissing):
		r.Verdict = denied
	}
}

// answer is nil if the answer is yes.
func (r *verifyReport) answer() error {
	var no []string
	for _, permission := range r.missing() {
		no = append(no, fmt.Sprintf("permission %s is missing", permission))
	}
	count := 0
	for _, promise := range r.Promises {
		for _, check := range promise.Checks {
			if check.Status == broken {
				count++
			}
		}
	}
	if count > 0 {
		no = append(no, fmt.Sprintf("the store breaks %d of its promises", count))
	}
	if len(no) == 0 {
		return nil
	}
	for _, key := range r.LeftBehind {
		no = append(no, fmt.Sprintf("%q is left behind, delete it by hand", key))
	}
	return negative(errors.New(strings.Join(no, "; ")))
}

func describeLimits(limits backend.Limits) []string {
	said := []string{}
	for _, limit := range []struct {
		there bool
		says  string
	}{
		{limits.NoExclusiveCreate, "no exclusive creation"},
		{limits.NoAtomicReplace, "no atomic replacement"},
		{limits.NoListAfterWrite, "no listings that show what was just written"},
		{limits.NoSwap && !limits.ReadOnly, "no compare-and-swap"}, // else it may be for that
		{limits.SwapsByContent, "compare-and-swap that tells contents apart and not versions"},
		{limits.Volatile, "nothing outlives the process"},
		{limits.ReadOnly, "open for reading alone"},
		{limits.MaxKey > 0, fmt.Sprintf("keys of at most %d bytes", limits.MaxKey)},
		{limits.MaxElement > 0, fmt.Sprintf("names between slashes of at most %d bytes", limits.MaxElement)},
		{limits.MaxObject > 0, "objects of at most " + size(limits.MaxObject)},
	} {
		if limit.there {
			said = append(said, limit.says)
		}
	}
	return said
}

func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
