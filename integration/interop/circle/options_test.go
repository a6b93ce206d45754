//go:build interop

package circle

import "maps"

// Flink's options, beside the defaults.
var (
	hashmap = map[string]string{"state.backend.type": "hashmap"}

	// rocksdb keeps state in files, of which checkpoints share those that did not change.
	rocksdb = map[string]string{
		"state.backend.type":                            "rocksdb",
		"execution.checkpointing.incremental":           "true",
		"execution.checkpointing.data-inline-threshold": "512b", // less than any table
	}

	unaligned = with(hashmap, "execution.checkpointing.unaligned.enabled", "true")

	// merging puts the files of several subtasks and checkpoints into one.
	merging = with(rocksdb,
		"execution.checkpointing.file-merging.enabled", "true",
		"execution.checkpointing.file-merging.across-checkpoint-boundary", "true")

	// changelog writes down each change, and now and then the state.
	changelog = with(rocksdb,
		"state.changelog.enabled", "true",
		"state.changelog.storage", "filesystem",
		"state.changelog.periodic-materialize.interval", "900ms")
)

func with(options map[string]string, keysAndValues ...string) map[string]string {
	all := maps.Clone(options)
	for i := 0; i < len(keysAndValues); i += 2 {
		all[keysAndValues[i]] = keysAndValues[i+1]
	}
	return all
}
