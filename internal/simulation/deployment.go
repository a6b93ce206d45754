package simulation

import (
	"encoding/binary"
	"fmt"
	"time"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/coordinator"
	"github.com/cairnstate/cairn/coordinator/plan"
	"github.com/cairnstate/cairn/task"
)

// deployment is the job as one leader has it: which attempts there are, and what the
// leader believes of them.
type deployment struct {
	leader    *leader
	attempt   int32
	current   [][]*subtask // by vertex
	known     map[*subtask]task.State
	scheduled bool         // checkpoints are triggered by the clock
	failed    map[int]bool // vertices that are to be restarted
	restarts  int
}

// Current is what the coordinator is told.
func (d *deployment) Current() [][]plan.Execution {
	all := make([][]plan.Execution, len(d.current))
	for i, vertex := range d.current {
		for _, s := range vertex {
			all[i] = append(all[i], plan.Execution{Attempt: s.attempt, State: d.known[s], Gateway: s})
		}
	}
	return all
}

// deploy starts the subtasks of vertices anew, from what was restored; nil is the
// beginning.
func (d *deployment) deploy(restored *coordinator.Restored, vertices map[int]bool) error {
	d.attempt++
	if d.current == nil {
		d.current = make([][]*subtask, d.leader.world.job.Len())
		d.known = make(map[*subtask]task.State)
	}
	var fresh []*subtask
	for i, v := range d.leader.world.job.Vertices() {
		if !vertices[i] {
			continue
		}
		d.current[i] = nil
		for index := range v.Parallelism {
			s, err := d.newSubtask(v.Name, v.ID, index)
			if err != nil {
				return err
			}
			d.current[i] = append(d.current[i], s)
			s.restore(restored)
			fresh = append(fresh, s)
		}
		d.connect(i)
	}
	for _, s := range fresh {
		s.spawn(d.leader.world.between(10*time.Millisecond, 500*time.Millisecond), "runs", "", s.run)
	}
	return nil
}

// connect makes each subtask of a vertex read from all of the vertex before.
func (d *deployment) connect(vertex int) {
	inputs := d.leader.world.job.Vertex(vertex).Inputs
	if len(inputs) == 0 {
		return
	}
	for _, up := range d.current[inputs[0].From] {
		up.downstream = d.current[vertex]
	}
	for _, s := range d.current[vertex] {
		s.upstream = append(s.upstream, d.current[inputs[0].From]...)
	}
}

func (d *deployment) newSubtask(name string, vertex checkpoint.JobVertexID, index int32) (*subtask, error) {
	w := d.leader.world
	attempt := task.ExecutionAttempt{Vertex: vertex, Subtask: index, Attempt: d.attempt}
	binary.BigEndian.PutUint32(attempt.Graph[:], uint32(d.leader.number))
	s := &subtask{
		process: w.newProcess(fmt.Sprintf("%s/%d.%d.%d", name, index, d.leader.number, d.attempt)), attempt: attempt, deployment: d,
		uploaded: make(map[int64][]checkpoint.HandleAndLocalPath), confirmed: -1, newest: -1,
		barriers: make(map[int64]*alignment), aborted: make(map[int64]bool), over: make(map[*subtask]bool), state: task.Deploying,
	}
	s.leader = d.leader.number
	if w.chance(w.danger.tasks) {
		s.doom = doom{request: 1 + w.random.IntN(20), arrives: w.chance(0.5)}
	}
	s.onDeath = func() { d.lost(s) }
	d.known[s] = task.Deploying
	_, access, err := w.openStorage(s.process)
	s.access = access
	return s, err
}

// hear is what a subtask says about itself, in the leader's ears.
func (d *deployment) hear(s *subtask, state task.State) {
	w := d.leader.world
	w.after(w.between(0, 10*time.Millisecond), d.leader.process, "hears that "+s.name+" is", string(state), func() {
		if d.known[s] == task.Deploying || d.known[s] == task.Running {
			d.known[s] = state
			go d.becameSo()
		}
	})
}

// becameSo starts checkpoints when all subtasks run, and ends the job when all have
// finished.
func (d *deployment) becameSo() {
	finished := true
	for _, s := range d.all() {
		state := d.known[s]
		finished = finished && state == task.Finished
		if state != task.Running && state != task.Finished {
			return
		}
	}
	if finished {
		d.leader.finish()
		return
	}
	if d.scheduled {
		return
	}
	d.scheduled = true
	if err := d.leader.coordinator.StartCheckpointScheduler(); err != nil {
		d.leader.fail(err)
	}
}

// cancel ends tasks, each in its own time: some go on for long, and do not know.
func (d *deployment) cancel(tasks []*subtask, within time.Duration) {
	for _, s := range tasks {
		w := d.leader.world
		w.after(w.between(0, within), s.process, "is cancelled", "", func() { s.kill("cancelled") })
	}
}

func (d *deployment) all() []*subtask {
	var all []*subtask
	for _, vertex := range d.current {
		all = append(all, vertex...)
	}
	return all
}
