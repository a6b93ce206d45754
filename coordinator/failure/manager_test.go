package failure_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/coordinator/failure"
)

var (
	periodic  = checkpoint.CheckpointProperties(checkpoint.RetainOnFailure)
	savepoint = checkpoint.SavepointProperties(checkpoint.Canonical, checkpoint.ActionNone, false)
	suspend   = checkpoint.SavepointProperties(checkpoint.Native, checkpoint.ActionSuspend, false)
	terminate = checkpoint.SavepointProperties(checkpoint.Canonical, checkpoint.ActionTerminate, true)
)

// byTask says who is to blame.
const (
	byCoordinator = false
	byTask        = true
)

func failed(reason checkpoint.FailureReason) *checkpoint.Failure {
	return &checkpoint.Failure{Reason: reason, Cause: errors.New("disk full")}
}

// tolerated fails the test if the job must fail.
func tolerated(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatalf("the job must fail: %v", err)
	}
}

// tooMany fails the test if the job need not fail.
func tooMany(t *testing.T, err error) {
	t.Helper()
	if !errors.Is(err, failure.ErrTooMany) {
		t.Fatalf("the job fails with %v, want %v", err, failure.ErrTooMany)
	}
}

// The failure after the last that is tolerated fails the job, and a new row begins:
// a job that was restarted has its full number again.
func TestTooManyInARow(t *testing.T) {
	m := failure.NewManager(2)
	for range 3 {
		tolerated(t, m.PendingAborted(1, periodic, failed(checkpoint.CheckpointExpired), byCoordinator))
		tolerated(t, m.PendingAborted(2, periodic, failed(checkpoint.CheckpointDeclined), byTask))
		err := m.PendingAborted(3, periodic, failed(checkpoint.IOException), byCoordinator)
		tooMany(t, err)
		if !errors.Is(err, &checkpoint.Failure{Reason: checkpoint.IOException}) || !strings.Contains(err.Error(), "3 in a row") {
			t.Errorf("%q does not say how many, and what the last was", err)
		}
	}
}

// Who tolerates nothing fails with the first.
func TestNoneTolerated(t *testing.T) {
	tooMany(t, failure.NewManager(0).PendingAborted(1, periodic, failed(checkpoint.CheckpointExpired), byCoordinator))
}

// Who tolerates all never fails, whatever comes.
func TestUnlimited(t *testing.T) {
	m := failure.NewManager(failure.Unlimited)
	for id := range int64(1000) {
		tolerated(t, m.PendingAborted(id, periodic, failed(checkpoint.CheckpointDeclined), byTask))
		tolerated(t, m.PendingAborted(failure.UnknownID, periodic, failed(checkpoint.IOException), byCoordinator))
	}
}

// A success ends the row.
func TestSuccessBeginsANewRow(t *testing.T) {
	m := failure.NewManager(1)
	for id := int64(1); id < 20; id += 2 {
		tolerated(t, m.PendingAborted(id, periodic, failed(checkpoint.CheckpointExpired), byCoordinator))
		m.CheckpointSucceeded(id + 1)
	}
}

// Checkpoint 3 completes while 2 is still pending. What becomes of 2 is no news then;
// and that an older one completes late does not end a row of newer failures.
func TestOvertaken(t *testing.T) {
	m := failure.NewManager(0)
	m.CheckpointSucceeded(3)
	tolerated(t, m.PendingAborted(2, periodic, failed(checkpoint.CheckpointExpired), byCoordinator))
	tolerated(t, m.PendingAborted(3, periodic, failed(checkpoint.CheckpointExpired), byCoordinator))
	tooMany(t, m.PendingAborted(4, periodic, failed(checkpoint.CheckpointExpired), byCoordinator))

	m = failure.NewManager(1)
	m.CheckpointSucceeded(3)
	tolerated(t, m.PendingAborted(5, periodic, failed(checkpoint.CheckpointExpired), byCoordinator))
	m.CheckpointSucceeded(2)
	tooMany(t, m.PendingAborted(6, periodic, failed(checkpoint.CheckpointExpired), byCoordinator))
}

// Ten tasks may decline one checkpoint. It counts once, and after a success again.
func TestOneCheckpointCountsOnce(t *testing.T) {
	m := failure.NewManager(1)
	for range 10 {
		tolerated(t, m.PendingAborted(1, periodic, failed(checkpoint.CheckpointDeclined), byTask))
	}
	tooMany(t, m.PendingAborted(2, periodic, failed(checkpoint.CheckpointDeclined), byTask))
}

// Those that failed before they had an id are each another one, and always count.
func TestUnknownIDAlwaysCounts(t *testing.T) {
	m := failure.NewManager(2)
	m.CheckpointSucceeded(7)
	tolerated(t, m.PendingAborted(failure.UnknownID, periodic, failed(checkpoint.IOException), byCoordinator))
	tolerated(t, m.PendingAborted(failure.UnknownID, periodic, failed(checkpoint.IOException), byCoordinator))
	tooMany(t, m.PendingAborted(failure.UnknownID, periodic, failed(checkpoint.IOException), byCoordinator))
}

// Which reasons count, of all that there are.
func TestReasons(t *testing.T) {
	for reason, counts := range map[checkpoint.FailureReason]bool{
		checkpoint.PeriodicSchedulerShutdown:         false,
		checkpoint.TooManyCheckpointRequests:         false,
		checkpoint.MinimumTimeBetweenCheckpoints:     false,
		checkpoint.NotAllRequiredTasksRunning:        false,
		checkpoint.IOException:                       true,
		checkpoint.BlockingOutputExist:               false,
		checkpoint.CheckpointExpired:                 true,
		checkpoint.CheckpointSubsumed:                false,
		checkpoint.CheckpointDeclined:                true,
		checkpoint.DeclinedTaskNotReady:              false,
		checkpoint.DeclinedTaskClosing:               false,
		checkpoint.DeclinedSubsumed:                  false,
		checkpoint.DeclinedOnCancellationBarrier:     false,
		checkpoint.DeclinedInputEndOfStream:          false,
		checkpoint.CoordinatorShutdown:               false,
		checkpoint.CoordinatorSuspend:                false,
		checkpoint.JobFailoverRegion:                 false,
		checkpoint.TaskFailure:                       false,
		checkpoint.TaskCheckpointFailure:             false,
		checkpoint.UnknownTaskNotificationFailure:    false,
		checkpoint.CheckpointAsyncException:          true,
		checkpoint.ChannelStateSharedStreamException: false,
		checkpoint.FinalizeCheckpointFailure:         true,
		checkpoint.TriggerCheckpointFailure:          false,
	} {
		err := failure.NewManager(0).PendingAborted(1, periodic, failed(reason), byTask)
		if got := errors.Is(err, failure.ErrTooMany); got != counts || failure.Counts(reason) != counts {
			t.Errorf("%s counts: %v, want %v", reason, got, counts)
		}
	}
}

// What a savepoint's failure does depends on who is to blame, and on whether the job
// was to stop with it.
func TestSavepoints(t *testing.T) {
	for name, test := range map[string]struct {
		properties  checkpoint.Properties
		reason      checkpoint.FailureReason
		byTask      bool
		counts      bool
		failsAtOnce bool
	}{
		"no task is to blame":                      {savepoint, checkpoint.CheckpointExpired, byCoordinator, false, false},
		"a task is":                                {savepoint, checkpoint.CheckpointDeclined, byTask, true, false},
		"a task is, for what does not count":       {savepoint, checkpoint.TaskFailure, byTask, false, false},
		"no task could be, though one is named":    {savepoint, checkpoint.IOException, byTask, false, false},
		"suspend: no task is to blame":             {suspend, checkpoint.CheckpointExpired, byCoordinator, false, false},
		"suspend: a task is":                       {suspend, checkpoint.CheckpointDeclined, byTask, false, true},
		"suspend: a task, for what does not count": {suspend, checkpoint.DeclinedTaskNotReady, byTask, false, true},
		"terminate: a task is":                     {terminate, checkpoint.TaskFailure, byTask, false, true},
		"terminate: before tasks were involved":    {terminate, checkpoint.NotAllRequiredTasksRunning, byTask, false, false},
	} {
		t.Run(name, func(t *testing.T) {
			err := failure.NewManager(0).PendingAborted(1, test.properties, failed(test.reason), test.byTask)
			if got := errors.Is(err, failure.ErrTooMany); got != test.counts {
				t.Errorf("counts: %v, want %v", got, test.counts)
			}
			if got := err != nil && !errors.Is(err, failure.ErrTooMany); got != test.failsAtOnce {
				t.Errorf("fails the job at once: %v, want %v (%v)", got, test.failsAtOnce, err)
			}
			if err != nil && !errors.Is(err, &checkpoint.Failure{Reason: test.reason}) {
				t.Errorf("%v does not say why", err)
			}
		})
	}
}

// A job whose every checkpoint fails, with T tolerated, fails with each T+1st of them.
func TestRowsOfAnyLength(t *testing.T) {
	for tolerable := range int32(10) {
		m := failure.NewManager(tolerable)
		for id := range int64(100) {
			err := m.PendingAborted(id, periodic, failed(checkpoint.CheckpointExpired), byCoordinator)
			if must := (id+1)%int64(tolerable+1) == 0; must != (err != nil) {
				t.Fatalf("%d tolerated: failure %d: %v", tolerable, id+1, err)
			}
		}
	}
}
