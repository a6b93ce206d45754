package jobgraph

import "github.com/cairnstate/cairn/job/checkpointing"

// settle says how the job is checkpointed: barriers start where nothing comes in, and
// everybody answers and is told.
func (g *Graph) settle(coordinator checkpointing.CoordinatorConfiguration, restore checkpointing.SavepointRestoreSettings) {
	s := &g.Checkpointing
	s.Coordinator, g.Restore = coordinator, restore
	for i := range g.Vertices {
		v := &g.Vertices[i]
		if len(v.Inputs) == 0 {
			s.Trigger = append(s.Trigger, v.ID)
		}
		s.Acknowledge = append(s.Acknowledge, v.ID)
		s.Confirm = append(s.Confirm, v.ID)
	}
}
