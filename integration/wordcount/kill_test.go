package wordcount

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"
)

// number returns what an environment variable says.
func number(t *testing.T, variable string, otherwise int) int {
	t.Helper()
	text := os.Getenv(variable)
	if text == "" {
		return otherwise
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		t.Fatalf("%s: %v", variable, err)
	}
	return n
}

func TestKillsInAFolder(t *testing.T) { survive(t, folder(t)) }
func TestKillsOnMinIO(t *testing.T)   { survive(t, minio(t)) }

// survive kills a job again and again, and looks at what it has done.
func survive(t *testing.T, p *place) {
	kills, seed := number(t, "CAIRN_KILLS", 5), number(t, "CAIRN_SEED", int(time.Now().UnixNano()%1_000_000))
	t.Logf("CAIRN_KILLS=%d CAIRN_SEED=%d", kills, seed)
	j := &job{place: p, binary: build(t), random: rand.New(rand.NewPCG(uint64(seed), 0)), config: configure(t)}
	for range kills {
		j.killOnce(t)
	}
	j.stopAndCheck(t)
	j.endAndCheck(t)
	t.Logf("%d kills: %d while a checkpoint was being taken, %d at any time; %d checkpoints completed, %d lines, each exactly once",
		kills, j.aimed, kills-j.aimed, j.completed, j.lines)
}

// configure has all state be files, so that there is something to orphan.
func configure(t *testing.T) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "config.yaml")
	must(t, os.WriteFile(file, []byte("execution:\n  checkpointing:\n    data-inline-threshold: 0\n    num-retained: 2\n"), 0o644))
	return file
}

type job struct {
	*place
	binary, config string
	random         *rand.Rand
	aimed          int // kills in a checkpoint
	completed      int
	lines          int
}

// run starts the job, at a parallelism and an interval at random.
func (j *job) run(t *testing.T, more ...string) *process {
	t.Helper()
	args := append([]string{"-v", "-config", j.config, "-checkpoints", j.root + "/checkpoints", "-output", j.root + "/counts", "-pause", "2ms",
		"-parallelism", strconv.Itoa(1 + j.random.IntN(4)), "-interval", fmt.Sprint(10+j.random.IntN(190), "ms")}, more...)
	return start(t, j.binary, j.env, args...)
}

// killOnce kills the job: half of the times soon after a checkpoint was triggered or
// completed, for there is most to break; and else whenever.
func (j *job) killOnce(t *testing.T) {
	t.Helper()
	proc := j.run(t)
	var lives bool
	if j.random.IntN(2) == 0 {
		j.aimed++
		event := []string{"checkpoint triggered", "checkpoint completed"}[j.random.IntN(2)]
		lives = proc.until(event, 1+j.random.IntN(4), 20*time.Second) && proc.after(time.Duration(j.random.IntN(15_000))*time.Microsecond)
	} else {
		lives = proc.after(time.Duration(j.random.IntN(1_000)) * time.Millisecond)
	}
	proc.kill()
	if !lives {
		t.Fatalf("it ended by itself, with %v:\n%s", proc.err, proc.log.String())
	}
	j.completed += proc.completed()
}

// stopAndCheck stops the job as its owner would. What is left is what it goes on from: of
// the last checkpoint, some subtasks may not have let out yet what the next start will.
func (j *job) stopAndCheck(t *testing.T) {
	t.Helper()
	proc := j.run(t)
	if !proc.until("checkpoint completed", 3, time.Minute) {
		t.Fatalf("it ended by itself, with %v:\n%s", proc.err, proc.log.String())
	}
	proc.stop(t)
	j.completed += proc.completed()
	for _, twice := range j.output(t).twice {
		t.Error(twice)
	}
	orphans, checkpoints := j.orphans(t)
	for _, name := range orphans {
		t.Errorf("%s is nobody's", name)
	}
	if checkpoints != 2 {
		t.Errorf("%d checkpoints are left, want the 2 that are retained", checkpoints)
	}
	if t.Failed() {
		t.Logf("files: %q\nthe log of the last run:\n%s", j.files(t), proc.log.String())
	}
}

// endAndCheck stops the job with a savepoint, which ends it: all is let out, and nothing
// is left.
func (j *job) endAndCheck(t *testing.T) {
	t.Helper()
	proc := j.run(t, "-savepoints", j.root+"/savepoints")
	if !proc.until("checkpoint completed", 1, time.Minute) {
		t.Fatalf("it ended by itself, with %v:\n%s", proc.err, proc.log.String())
	}
	proc.stop(t)
	j.completed += proc.completed()
	j.checkOutput(t)
	if files := j.files(t); len(files) != 0 {
		t.Errorf("after its end, the job has left %q; the log of the last run:\n%s", files, proc.log.String())
	}
	if hidden, err := j.hidden(); err != nil || len(hidden) != 0 {
		t.Errorf("after its end, the job has left %q, %v", hidden, err)
	}
}

// checkOutput looks at all there is.
func (j *job) checkOutput(t *testing.T) {
	t.Helper()
	all := j.output(t)
	for i, problem := range all.problems() {
		if i == 20 {
			t.Error("and so on")
			break
		}
		t.Error(problem)
	}
	if j.lines = all.Lines; j.lines == 0 {
		t.Error("there is no output")
	}
}
