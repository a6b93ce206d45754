package coordinator_test

import (
	"fmt"
	"strings"
	"testing/synctest"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/coordinator/completed"
)

// conclude ends it, and looks at what there is.
func (c *chaos) conclude() {
	if c.held {
		c.store.release()
		c.ids.release()
	}
	c.end(completed.Suspended)
	synctest.Wait()
	savepoints := 0
	for i, p := range c.promises {
		select {
		case <-p.Done():
		default:
			c.t.Errorf("promise %d is open", i)
			continue
		}
		if cp, err := p.Result(); err == nil {
			c.known(cp)
			if cp.IsSavepoint() {
				savepoints++
				c.whole(cp)
			}
		}
	}
	c.hearOneEnd()
	metadata := 0
	for _, file := range c.files("") {
		if !strings.HasPrefix(file, "savepoints/") {
			c.t.Errorf("left behind: %s", file)
		}
		if strings.HasSuffix(file, "/_metadata") {
			metadata++
		}
	}
	if metadata != savepoints {
		c.t.Errorf("%d savepoints are there, %d were given", metadata, savepoints)
	}
}

// known fails the test unless all tasks have heard of a checkpoint that somebody was
// given; but savepoints are no business of theirs, unless the job stops with them.
func (c *chaos) known(cp *completed.Checkpoint) {
	c.t.Helper()
	want := len(allTasks)
	if cp.Properties.Type.Action == checkpoint.ActionNone {
		want = 0
	}
	if told := strings.Count(strings.Join(c.heard, ";"), fmt.Sprintf(": complete %d,", cp.ID)); told != want {
		c.t.Errorf("checkpoint %d was given to who asked, and %d tasks know, want %d", cp.ID, told, want)
	}
}

// whole fails the test unless a savepoint has all that its metadata names.
func (c *chaos) whole(cp *completed.Checkpoint) {
	c.t.Helper()
	files := c.files(strings.TrimPrefix(cp.ExternalPointer(), "mem://jobs/"))
	if len(files) < 5 || !hasMetadata(files) {
		c.t.Errorf("savepoint %d has files %v", cp.ID, files)
	}
}

// hearOneEnd fails the test if a task heard that a checkpoint is complete and that it
// was given up, or either twice.
func (c *chaos) hearOneEnd() {
	c.t.Helper()
	ends := map[string]string{}
	for _, line := range c.heard {
		var id int64
		name, message, _ := strings.Cut(line, ": ")
		verb, rest, _ := strings.Cut(message, " ")
		if verb == "barrier" {
			continue
		}
		if _, err := fmt.Sscanf(rest, "%d,", &id); err != nil {
			c.t.Fatal(line, err)
		}
		key := fmt.Sprint(name, " ", id)
		if before := ends[key]; before != "" {
			c.t.Errorf("%s heard %q after %q", name, message, before)
		}
		ends[key] = message
	}
}
