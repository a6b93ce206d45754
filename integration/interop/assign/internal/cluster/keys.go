package cluster

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/cairnstate/cairn/restore"
)

// Keys checks that each subtask holds the keys of the key groups that it owns, and
// a timer for each; and returns all keys. No key may be held twice.
func (r *Restored) Keys(a *restore.Assignment) (map[string]bool, error) {
	keys, held := map[string]bool{}, map[string]int{}
	for _, line := range r.Held {
		if where, text, found := strings.Cut(line, " keys: "); found {
			for key := range strings.FieldsSeq(text) {
				if keys[key] {
					return nil, fmt.Errorf("key %s is held twice", key)
				}
				keys[key] = true
				held[where]++
				if err := owned(a, where, key); err != nil {
					return nil, err
				}
			}
		}
		if where, text, found := strings.Cut(line, " timers: "); found && text != strconv.Itoa(held[where]) {
			return nil, fmt.Errorf("%s: %s timers for %d keys", where, text, held[where])
		}
	}
	return keys, nil
}

// owned checks that a key, written with its key group, is held by the subtask that
// owns it.
func owned(a *restore.Assignment, where, key string) error {
	var vertex, subtask, keyGroup int32
	if _, err := fmt.Sscanf(where, "%d/%d ", &vertex, &subtask); err != nil {
		return fmt.Errorf("%q: %w", where, err)
	}
	_, group, _ := strings.Cut(key, "@")
	if _, err := fmt.Sscan(group, &keyGroup); err != nil {
		return fmt.Errorf("%q: %w", key, err)
	}
	if owns := a.Vertices[vertex].KeyGroups(subtask); !owns.Contains(keyGroup) {
		return fmt.Errorf("%s holds key %s, and owns key groups %s", where, key, owns)
	}
	return nil
}
