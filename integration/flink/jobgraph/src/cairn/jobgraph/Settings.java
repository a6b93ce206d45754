package cairn.jobgraph;

import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** A random configuration, as text. Some of what it says is refused, and is meant to be. */
final class Settings {
    private static final String[][] VALUES = {
        {"execution.checkpointing.interval", "10s", "3 min", "10 ms", "1500", "PT1M", "1 h", "20 MILLIS", "0", "9ms"},
        {"execution.checkpointing.interval-during-backlog", "0", "2 h", "1 d", "10 min", "5 ms"},
        {"execution.checkpointing.timeout", "10", "90 sec", "1 minute", "2 days", "3000000 µs", "1ms"},
        {"execution.checkpointing.min-pause", "0 s", "500 ms", "400 d", "30min"},
        {"execution.checkpointing.max-concurrent-checkpoints", "1", "1", "1", "2", "0"},
        {"execution.checkpointing.tolerable-failed-checkpoints", "0", "3", "2147483647", "-1"},
        {"execution.checkpointing.mode", "EXACTLY_ONCE", "at_least_once", "AT_LEAST_ONCE", "exactly-once"},
        {"execution.checkpointing.externalized-checkpoint-retention", "RETAIN_ON_CANCELLATION",
            "delete_on_cancellation", "NO_EXTERNALIZED_CHECKPOINTS"},
        {"execution.checkpointing.unaligned.enabled", "true", "TRUE", "false"},
        {"execution.checkpointing.unaligned", "true", "false"},
        {"execution.checkpointing.unaligned.forced", "true", "false"},
        {"execution.checkpointing.aligned-checkpoint-timeout", "0 ms", "30 s", "2 m"},
        {"execution.checkpointing.alignment-timeout", "7 s"},
        {"execution.checkpointing.unaligned.max-subtasks-per-channel-state-file", "1", "8"},
        {"execution.checkpointing.unaligned.recover-output-on-downstream.enabled", "true"},
        {"execution.checkpointing.checkpoints-after-tasks-finish", "false", "true"},
        {"execution.checkpointing.checkpoints-after-tasks-finish.enabled", "false"},
        {"pipeline.sources.pause-until-first-checkpoint", "true", "false"},
        {"execution.state-recovery.path", "s3://bucket/savepoint-1", "/tmp/chk-7"},
        {"execution.savepoint.path", "file:///old"},
        {"execution.state-recovery.ignore-unclaimed-state", "true", "false"},
        {"execution.state-recovery.claim-mode", "CLAIM", "no_claim", "LEGACY"},
        {"execution.savepoint-restore-mode", "CLAIM"},
        {"execution.state-recovery.without-channel-state.checkpoint-id", "42"},
        {"execution.checkpointing.dir", "s3://bucket/checkpoints"},
        {"state.checkpoints.dir", "file:///checkpoints"},
        {"execution.checkpointing.savepoint-dir", "s3://bucket/savepoints"},
        {"state.savepoints.dir", "/savepoints"},
        {"execution.checkpointing.data-inline-threshold", "0", "64 kb", "1mb", "100 bytes", "20 KIBIBYTES"},
        {"state.storage.fs.memory-threshold", "10k"},
        {"execution.checkpointing.write-buffer-size", "8192", "1048576"},
        {"execution.checkpointing.create-subdir", "false", "true"},
        {"execution.checkpointing.num-retained", "0", "3", "-4", "1"},
        {"state.checkpoints.num-retained", "5"},
        {"pipeline.max-parallelism", "128", "4096"},
        {"pipeline.operator-chaining.enabled", "true", "true", "true", "false"},
        {"pipeline.operator-chaining.chain-operators-with-different-max-parallelism", "false", "true"},
    };

    private Settings() {}

    /** Most programs checkpoint; one that does not has little to say about how. */
    static Map<String, String> random(Random random) {
        final Map<String, String> settings = new TreeMap<>();
        settings.put("parallelism.default", String.valueOf(1 + random.nextInt(4)));
        final double share = random.nextDouble() * 0.3;
        for (String[] values : VALUES) {
            final boolean interval = values[0].equals("execution.checkpointing.interval");
            if (random.nextDouble() < (interval ? 0.6 : share)) {
                // The last of several is often the one that is refused: it shall not hide all the rest.
                int choice = random.nextInt(values.length - 1);
                if (choice == values.length - 2 && values.length > 2 && random.nextDouble() < 0.7) {
                    choice = 0;
                }
                settings.put(values[0], values[1 + choice]);
            }
        }
        return settings;
    }
}
