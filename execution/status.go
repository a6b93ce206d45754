package execution

import (
	"slices"

	"github.com/cairnstate/cairn/coordinator/completed"
)

// JobStatus is how far a job has come (Flink: class of the same name).
type JobStatus string

// The statuses.
const (
	Created    JobStatus = "CREATED"
	Running    JobStatus = "RUNNING"
	Restarting JobStatus = "RESTARTING" // some tasks wait to be started again
	Failing    JobStatus = "FAILING"    // until all tasks have ended
	Cancelling JobStatus = "CANCELLING" // until all tasks have ended

	Finished  = JobStatus(completed.Finished)
	Cancelled = JobStatus(completed.Cancelled)
	Failed    = JobStatus(completed.Failed)
	Suspended = JobStatus(completed.Suspended) // ended here, to go on elsewhere
)

// Terminal reports whether nothing comes after it here.
func (s JobStatus) Terminal() bool { return len(s.next()) == 0 }

func (s JobStatus) mayBecome(to JobStatus) bool { return slices.Contains(s.next(), to) }

func (s JobStatus) next() []JobStatus {
	switch s {
	case Created:
		return []JobStatus{Running, Failing, Cancelling, Suspended}
	case Running:
		return []JobStatus{Restarting, Finished, Failing, Cancelling, Suspended}
	case Restarting:
		return []JobStatus{Running, Failing, Cancelling, Suspended}
	case Failing:
		return []JobStatus{Failed, Cancelling, Suspended}
	case Cancelling:
		return []JobStatus{Cancelled, Suspended}
	}
	return nil
}

// runs reports whether the job is to go on: what fails is started again.
func (s JobStatus) runs() bool { return s == Running || s == Restarting }

// Listener is told of each change of the status, one after the other, and why, if
// something went wrong (Flink: JobStatusListener). It must not wait for the graph.
type Listener func(status JobStatus, cause error)

// AddListener adds a listener, which is told of what comes after. Those that were
// added first are told first.
func (g *Graph) AddListener(l Listener) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.listeners = append(g.listeners, l)
}

// turn changes the status, and tells all listeners before it returns. It does nothing
// if the change makes no sense.
func (g *Graph) turn(to JobStatus, cause error) bool {
	if !g.status.mayBecome(to) {
		return false
	}
	g.log.InfoContext(g.ctx, "job status", "from", g.status, "to", to, "cause", cause)
	g.mu.Lock()
	g.status = to
	listeners := slices.Clone(g.listeners)
	g.mu.Unlock()
	for _, tell := range listeners {
		tell(to, cause)
	}
	return true
}
