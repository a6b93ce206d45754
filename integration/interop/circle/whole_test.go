//go:build interop

package circle

import "github.com/cairnstate/cairn/integration/interop/circle/internal/flink"

// features holds that no record was lost, and none counted twice, from the first life
// on; and that operator state of all kinds came back.
func features(l *life, limit int, restored bool) {
	l.t.Helper()
	found := allCounted(l, limit, restored)
	if !restored {
		return
	}
	for kind, want := range map[string]int{"raw key group": flink.KeyGroups, "master hook": 1} {
		if found[kind] != want {
			l.t.Errorf("%s: restored %d, want %d", kind, found[kind], want)
		}
	}
	for _, kind := range []string{"split list", "union list", "broadcast", "raw partition"} {
		if found[kind] == 0 {
			l.t.Errorf("%s: nothing was restored", kind)
		}
	}
}

// counted holds that no record was lost, and none counted twice.
func counted(l *life, limit int, restored bool) { allCounted(l, limit, restored) }

// allCounted waits until all was counted that sources were ever allowed to emit, in this life
// and those before. Flink's job compares; this compares with what we have allowed.
func allCounted(l *life, limit int, restored bool) map[string]int {
	l.t.Helper()
	s, err := l.Settle(l.ctx)
	if err != nil {
		l.t.Fatal(err)
	}
	if want := limit * flink.Partitions; s.Counted != want {
		l.t.Errorf("counted %d records, want %d", s.Counted, want)
	}
	if restored && s.Restored["list"] != flink.Partitions {
		l.t.Errorf("restored the position of %d partitions, want %d", s.Restored["list"], flink.Partitions)
	}
	return s.Restored
}

// goesOn is for jobs whose sources finish: nobody knows any more what those had emitted,
// so each key must only go on from where it was.
func goesOn(l *life, _ int, restored bool) {
	l.t.Helper()
	if !restored {
		return
	}
	if _, err := l.SettleFinished(l.ctx); err != nil {
		l.t.Fatal(err)
	}
}
