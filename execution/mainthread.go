package execution

import (
	"sync"

	"github.com/cairnstate/cairn/coordinator/work"
)

// mainThread does one thing after the other, in the order in which they were posted
// (Flink: ComponentMainThreadExecutor). All that changes a graph is done by it, so
// that a graph needs no lock while it calls others. Each thing is a step of its own of
// the executor, between which a simulation may do others.
type mainThread struct {
	executor work.Executor

	mu    sync.Mutex
	queue []func()
	busy  bool
}

// post has f done later. It may be called under any lock.
func (m *mainThread) post(f func()) {
	m.mu.Lock()
	m.queue = append(m.queue, f)
	idle := !m.busy
	m.busy = true
	m.mu.Unlock()
	if idle {
		m.executor.Go(m.step)
	}
}

func (m *mainThread) step() {
	m.mu.Lock()
	f := m.queue[0]
	m.queue = m.queue[1:]
	m.mu.Unlock()
	f()
	m.mu.Lock()
	m.busy = len(m.queue) > 0
	more := m.busy
	m.mu.Unlock()
	if more {
		m.executor.Go(m.step)
	}
}
