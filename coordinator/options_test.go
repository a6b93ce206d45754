package coordinator_test

import (
	"bytes"
	"errors"
	"log/slog"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/coordinator"
	"github.com/cairnstate/cairn/coordinator/completed"
	"github.com/cairnstate/cairn/job/checkpointing"
)

func TestNewRefuses(t *testing.T) {
	w := &world{}
	for name, create := range map[string]func() (*coordinator.Coordinator, error){
		"no job":     func() (*coordinator.Coordinator, error) { return coordinator.New(nil, w, nil) },
		"no storage": func() (*coordinator.Coordinator, error) { return coordinator.New(testJob(t), nil, nil) },
		"retain too few": func() (*coordinator.Coordinator, error) {
			return coordinator.New(testJob(t), w, &coordinator.Options{Retain: -1})
		},
		"unknown policy": func() (*coordinator.Coordinator, error) {
			return coordinator.New(testJob(t), w, &coordinator.Options{RetentionPolicy: "RETAIN_SOMETIMES"})
		},
	} {
		if _, err := create(); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

// With no options at all a job gets the counter, the store and the policy that
// Flink would give it, and nobody to delete anything.
func TestDefaults(t *testing.T) {
	c, err := coordinator.New(testJob(t), withSavepoint(t), nil)
	if err != nil {
		t.Fatal(err)
	}
	first, err := c.RestoreSavepoint(t.Context(), settings(coordinator.Claim))
	if err != nil || first.NextCheckpointID != 18 || len(c.Completed()) != 1 {
		t.Fatalf("%+v, %v", first, err)
	}
	if !first.Properties.DiscardFailed {
		t.Errorf("default retention: %+v", first.Properties)
	}
	if err := c.Shutdown(t.Context(), completed.Finished); err != nil {
		t.Error(err)
	}
}

func TestAddRefuses(t *testing.T) {
	r := newRig(t, &world{}, coordinator.Options{})
	for name, err := range map[string]error{
		"a hook's name twice":        r.AddMasterHook(hook{r.world, "hook"}),
		"a second coordinator":       r.AddOperatorCoordinator(sourceID, operatorCoordinator{}),
		"an operator not in the job": r.AddOperatorCoordinator(otherID, operatorCoordinator{}),
		"a hook that is none":        r.AddMasterHook(nil),
		"a coordinator that is none": r.AddOperatorCoordinator(countID, nil),
		"a user-defined id":          r.AddOperatorCoordinator(hashedID, operatorCoordinator{}),
	} {
		if err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	if _, err := r.RestoreLatestToSubtasks(t.Context(), [16]byte{1}); err == nil {
		t.Error("a vertex not in the job: no error")
	}
}

func TestClaimModeText(t *testing.T) {
	for text, want := range map[string]coordinator.ClaimMode{
		"no_claim": coordinator.NoClaim, "CLAIM": coordinator.Claim, "Legacy": coordinator.Legacy,
	} {
		var got coordinator.ClaimMode
		if err := got.UnmarshalText([]byte(text)); err != nil || got != want {
			t.Errorf("%q: %s, %v", text, got, err)
		}
		back, err := got.MarshalText()
		if err != nil || !strings.EqualFold(string(back), text) {
			t.Errorf("%q became %q, %v", text, back, err)
		}
	}
	if _, err := coordinator.ParseClaimMode("mine"); err == nil {
		t.Error("mine: no error")
	}
	if got := coordinator.ClaimMode(9).String(); got != "ClaimMode(9)" {
		t.Errorf("unknown mode: %q", got)
	}
}

func TestStandaloneIDCounter(t *testing.T) {
	c := coordinator.NewStandaloneIDCounter()
	take := func() int64 {
		next, err := c.Get(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		id, err := c.GetAndIncrement(t.Context())
		if err != nil || id != next {
			t.Fatalf("took %d of %d, %v", id, next, err)
		}
		return id
	}
	got := []int64{take(), take()}
	if err := c.SetCount(t.Context(), 18); err != nil {
		t.Fatal(err)
	}
	got = append(got, take())
	if err := c.SetCount(t.Context(), 5); err != nil { // an older savepoint
		t.Fatal(err)
	}
	got = append(got, take(), take())
	if diff := cmp.Diff([]int64{1, 2, 18, 5, 6}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if err := c.Shutdown(t.Context(), completed.Finished); err != nil {
		t.Error(err)
	}
}

func storyOf(log *bytes.Buffer) *slog.Logger {
	return slog.New(slog.NewTextHandler(log, &slog.HandlerOptions{
		Level: slog.LevelDebug,
		ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
			if a.Key == slog.TimeKey || a.Key == "duration" || a.Key == "metadataBytes" {
				return slog.Attr{}
			}
			return a
		},
	}))
}

// The log tells the whole story, and all of it but the beginning can be found by
// the id of the checkpoint.
func TestLogTellsTheStory(t *testing.T) {
	var log bytes.Buffer
	r := newRig(t, withSavepoint(t), coordinator.Options{Logger: storyOf(&log)})
	if _, err := r.RestoreSavepoint(t.Context(), settings(coordinator.NoClaim)); err != nil {
		t.Fatal(err)
	}
	want := `level=INFO msg="restoring from a savepoint" claimMode=NO_CLAIM allowNonRestoredState=false
level=INFO msg="savepoint loaded" checkpoint=17 pointer=s3://bucket/savepoint-17 version=6 operators=2
level=INFO msg="checkpoint added to the completed checkpoint store" checkpoint=17 subsumed=0
level=INFO msg="checkpoint id counter set" checkpoint=17 next=18
level=INFO msg="restoring checkpoint" checkpoint=17 for=savepoint pointer=s3://bucket/savepoint-17 shared=0
level=DEBUG msg="state assigned" checkpoint=17 vertices=2 notRestored=0
level=DEBUG msg="master hooks restored" checkpoint=17 states=1 hooks=[hook] dropped=[]
level=DEBUG msg="operator coordinators reset" checkpoint=17 coordinators=2
level=INFO msg="checkpoint restored" checkpoint=17 stateBytes=17
`
	if diff := cmp.Diff(want, log.String()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestLogTellsOfFailures(t *testing.T) {
	var log bytes.Buffer
	w := withSavepoint(t)
	r := newRig(t, w, coordinator.Options{Logger: storyOf(&log)}, w.own(5, "s3://bucket/shared/old"))
	if _, err := r.RestoreLatestToAll(t.Context()); err != nil {
		t.Fatal(err)
	}
	w.fails = "discard"
	if _, err := r.RestoreSavepoint(t.Context(), settings(coordinator.Claim)); err != nil {
		t.Errorf("the garbage of a restore made it fail: %v", err)
	}
	w.fails = "recover"
	if _, err := r.RestoreLatestToAll(t.Context()); !errors.Is(err, errBroken) {
		t.Errorf("error %v", err)
	}
	for _, want := range []string{
		`level=WARN msg="garbage not discarded" error="discard 1 checkpoints and 1 shared paths: discard: broken"`,
		`level=ERROR msg="checkpoint not restored" for="failover of the job"`,
	} {
		if !strings.Contains(log.String(), want) {
			t.Errorf("no %s in\n%s", want, log.String())
		}
	}
}

// Settings that nobody could want are those that somebody has forgotten: with them no
// checkpoint would begin, or none would end.
func TestCheckpointingRefuses(t *testing.T) {
	onStage(t, script{}, func(t *testing.T, s *stage) {
		for says, spoil := range map[string]func(c *coordinator.Checkpointing){
			"a job id (Job) in": func(c *coordinator.Checkpointing) { c.Job = checkpoint.JobID{} },
			"not of":            func(c *coordinator.Checkpointing) { c.Job = clusterJob },
			"needs a place for checkpoints (Storage) in": func(c *coordinator.Checkpointing) { c.Storage = nil },
			"needs the subtasks that run (Executions)":   func(c *coordinator.Checkpointing) { c.Executions = nil },
			"(Job), and the subtasks": func(c *coordinator.Checkpointing) {
				c.Job, c.Executions = checkpoint.JobID{}, nil
			},
			"may take":  func(c *coordinator.Checkpointing) { c.Config.Timeout = 0 },
			"at once":   func(c *coordinator.Checkpointing) { c.Config.MaxConcurrent = 0 },
			"tolerated": func(c *coordinator.Checkpointing) { c.Config.TolerableFailures = -1 },
			"0s: must":  func(c *coordinator.Checkpointing) { c.Config = checkpointing.CoordinatorConfiguration{} },
		} {
			defaults := checkpointing.Default()
			config, err := defaults.Coordinator()
			if err != nil {
				t.Fatal(err)
			}
			c := coordinator.Checkpointing{Job: stageJob, Storage: s.access, Executions: s, Config: config}
			if _, err := coordinator.New(s.job, s.access.Storage(), &coordinator.Options{Checkpointing: &c}); err != nil {
				t.Fatal(err)
			}
			spoil(&c)
			if _, err := coordinator.New(s.job, s.access.Storage(), &coordinator.Options{Checkpointing: &c}); err == nil || !strings.Contains(err.Error(), says) {
				t.Errorf("%v, want %q", err, says)
			}
		}
	})
}
