package fs_test

import (
	"errors"
	"fmt"
	iofs "io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/cairnstate/cairn/storage/backend"
)

const (
	// racerVariable makes this test binary one of the processes that race.
	racerVariable = "CAIRN_TEST_RACE_IN"
	rounds        = 50
)

// TestExclusiveBetweenProcesses lets processes race for names: a lock inside one
// process would pass every other test. Who wins a name says so in a file of its
// own, so two winners of one name are seen.
func TestExclusiveBetweenProcesses(t *testing.T) {
	if dir := os.Getenv(racerVariable); dir != "" {
		race(t, dir)
		return
	}
	dir := t.TempDir()
	must(t, os.Mkdir(filepath.Join(dir, "names"), 0o777))
	must(t, os.Mkdir(filepath.Join(dir, "won"), 0o777))
	var racers []*exec.Cmd
	for range 4 {
		racer := exec.Command(os.Args[0], "-test.run=^TestExclusiveBetweenProcesses$")
		racer.Env = append(os.Environ(), racerVariable+"="+dir)
		must(t, racer.Start())
		racers = append(racers, racer)
	}
	for _, racer := range racers {
		if err := racer.Wait(); err != nil {
			t.Errorf("a racer failed: %v", err)
		}
	}
	names, won := entries(t, filepath.Join(dir, "names")), entries(t, filepath.Join(dir, "won"))
	if len(names) != rounds || len(won) != rounds {
		t.Errorf("%d names were won %d times, want %d names, each once", len(names), len(won), rounds)
	}
}

func race(t *testing.T, dir string) {
	store := newBackend(t, filepath.Join(dir, "names"))
	for round := range rounds {
		w, err := store.Create(t.Context(), fmt.Sprint(round), &backend.CreateOptions{IfAbsent: true})
		must(t, err)
		switch err := w.Commit(); {
		case err == nil:
			must(t, os.WriteFile(filepath.Join(dir, "won", fmt.Sprintf("%d-by-%d", round, os.Getpid())), nil, 0o666))
		case !errors.Is(err, iofs.ErrExist):
			t.Errorf("a loser gets %v, want fs.ErrExist", err)
		}
		must(t, w.Close())
	}
}
