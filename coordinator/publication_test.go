package coordinator_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/coordinator"
	"github.com/cairnstate/cairn/job/checkpointing"
	"github.com/cairnstate/cairn/storage/backend"
	"github.com/cairnstate/cairn/storage/fault"
	"github.com/cairnstate/cairn/storage/mem"
)

// broken makes the store break by a recipe.
func brokenBy(t *testing.T, recipe string) func(*mem.Backend) backend.Backend {
	t.Helper()
	plan, err := fault.Parse(recipe)
	if err != nil {
		t.Fatal(err)
	}
	return func(b *mem.Backend) backend.Backend { return fault.Wrap(b, plan) }
}

func hasMetadata(files []string) bool {
	return strings.Contains(" "+strings.Join(files, " "), " _metadata")
}

// Metadata that cannot be written: the checkpoint fails, and nothing of it stays.
func TestPublicationFails(t *testing.T) {
	for _, recipe := range []string{
		`create & key("chk-1/_metadata$"): fail(permission)`,
		`write & key("chk-1/_metadata$"): short(full)`,
		`commit & key("chk-1/_metadata$"): fail(transient)`,
	} {
		t.Run(recipe, func(t *testing.T) {
			config := func(c *checkpointing.Config) { c.TolerableFailures = 1 }
			onStage(t, script{config: config, backend: brokenBy(t, recipe)}, func(t *testing.T, s *stage) {
				p := s.TriggerCheckpoint(coordinator.Configured)
				s.hear(barriers(1)...)
				s.acknowledgeAll(1)
				s.broken(p, checkpoint.FinalizeCheckpointFailure)
				s.hear(everyone("aborted 1, latest -1")...)
				if got := s.files(chk("1")); hasMetadata(got) || len(s.Completed()) > 0 {
					t.Errorf("files %v, completed %v", got, ids(s.Completed()))
				}
				p = s.TriggerCheckpoint(coordinator.Configured)
				s.acknowledgeAll(2)
				s.kept(p, 2)
				if got := s.files(chk("1")); len(got) > 0 {
					t.Errorf("files stay: %v", got)
				}
			})
		})
	}
}

// An answer that was lost is looked for: the metadata is there, so it is complete.
func TestLostAnswer(t *testing.T) {
	onStage(t, script{backend: brokenBy(t, `commit & key("_metadata$"): lose(reset)`)}, func(t *testing.T, s *stage) {
		p := s.TriggerCheckpoint(coordinator.Configured)
		s.acknowledgeAll(1)
		s.kept(p, 1)
		if got := s.files(chk("1")); !hasMetadata(got) {
			t.Errorf("files %v", got)
		}
	})
}

// A lost answer, and a store that does not say what is there: the checkpoint fails, but
// nothing of it is deleted as long as nobody knows. When the next one has completed it
// is asked again. Then all goes, for everyone was told that it failed.
func TestUnknownPublication(t *testing.T) {
	const recipe = `commit & key("chk-1/_metadata$"): lose(reset); open & key("chk-1/_metadata$") & nth(1): fail(permission)`
	config := func(c *checkpointing.Config) { c.TolerableFailures = 1 }
	onStage(t, script{config: config, backend: brokenBy(t, recipe)}, func(t *testing.T, s *stage) {
		p := s.TriggerCheckpoint(coordinator.Configured)
		s.hear(barriers(1)...)
		ack := s.answer("source0", 1)
		s.AcknowledgeCheckpoint(t.Context(), ack)
		s.acknowledge(1, "source1", "count0", "count1")
		s.broken(p, checkpoint.FinalizeCheckpointFailure)
		s.AcknowledgeCheckpoint(t.Context(), ack) // a message that comes twice
		if got := s.files(chk("1")); len(got) != 5 {
			t.Fatalf("files %v: something is gone while nobody knows", got)
		}
		s.TriggerCheckpoint(coordinator.Configured)
		s.acknowledgeAll(2)
		if got := s.files(chk("1")); len(got) > 0 {
			t.Errorf("files stay: %v", got)
		}
		if got := s.files(chk("2")); len(got) != 5 {
			t.Errorf("files of checkpoint 2: %v", got)
		}
	})
}

// A store that hangs is called back when the checkpoint expires.
func TestPublicationHangs(t *testing.T) {
	config := func(c *checkpointing.Config) { c.Timeout, c.TolerableFailures = time.Minute, 1 }
	onStage(t, script{config: config, backend: brokenBy(t, `create & key("chk-1/_metadata$"): stall`)}, func(_ *testing.T, s *stage) {
		p := s.TriggerCheckpoint(coordinator.Configured)
		s.hear(barriers(1)...)
		s.acknowledgeAll(1)
		s.open(p)
		time.Sleep(time.Minute - 1)
		s.open(p)
		time.Sleep(time.Nanosecond)
		s.broken(p, checkpoint.CheckpointExpired)
		s.hear(everyone("aborted 1, latest -1")...)
		p = s.TriggerCheckpoint(coordinator.Configured)
		s.acknowledgeAll(2)
		s.kept(p, 2)
	})
}

// A checkpoint that is there already is somebody's. It is not touched, nor counted as
// ours; what we wrote ourselves goes.
func TestSomebodyElsesCheckpoint(t *testing.T) {
	onStage(t, script{}, func(t *testing.T, s *stage) {
		p := s.TriggerCheckpoint(coordinator.Configured)
		synctest.Wait()
		w, err := s.memory.Create(t.Context(), chk("1")+"/_metadata", &backend.CreateOptions{IfAbsent: true})
		if err != nil {
			t.Fatal(err)
		}
		if err := w.Commit(); err != nil {
			t.Fatal(err)
		}
		s.acknowledgeAll(1)
		s.broken(p, checkpoint.FinalizeCheckpointFailure)
		if got := s.files(chk("1")); len(got) != 1 || !hasMetadata(got) {
			t.Errorf("files %v, want the other's metadata only", got)
		}
	})
}
