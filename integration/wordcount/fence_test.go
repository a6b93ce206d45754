package wordcount

import (
	"math/rand/v2"
	"strings"
	"testing"
	"time"
)

func TestTwoAtOnceInAFolder(t *testing.T) { overtake(t, folder(t)) }
func TestTwoAtOnceOnMinIO(t *testing.T)   { overtake(t, minio(t)) }

// overtake starts a job again and again while it runs: whoever ran before finds out and
// ends, and what both have put out together is there once.
func overtake(t *testing.T, p *place) {
	j := &job{place: p, binary: build(t), random: rand.New(rand.NewPCG(1, 2)), config: configure(t)}
	before := j.run(t)
	for range 4 {
		if !before.until("checkpoint completed", 2, time.Minute) {
			t.Fatalf("it ended by itself, with %v:\n%s", before.err, before.log.String())
		}
		after := j.run(t)
		select {
		case <-before.ended:
		case <-time.After(time.Minute):
			before.kill()
			t.Fatalf("a job that was taken over has not ended:\n%s", before.log.String())
		}
		if before.err == nil || !strings.Contains(before.log.String(), "another coordinator has taken over") {
			t.Errorf("a job that was taken over ended with %v, and does not say why:\n%s", before.err, before.log.String())
		}
		j.completed += before.completed()
		before = after
	}
	before.kill()
	j.stopAndCheck(t)
	j.endAndCheck(t)
	t.Logf("taken over 4 times: %d checkpoints completed, %d lines, each exactly once", j.completed, j.lines)
}
