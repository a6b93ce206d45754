package dev.cairnstate.flinkdata;

import org.apache.flink.configuration.Configuration;

/**
 * Flink's configuration, under the key of every release: keys that a release does not know are
 * ignored by it.
 */
final class Options {
    private final Configuration configuration = new Configuration();

    /** What every case has. */
    Options(String directory) {
        checkpointDirectory("file://" + directory);
        set("2048", "state.backend.fs.memory-threshold", "state.storage.fs.memory-threshold",
                "execution.checkpointing.data-inline-threshold");
        set("none", "restart-strategy", "restart-strategy.type");
        set("1000000", "execution.checkpointing.tolerable-failed-checkpoints");
        set("8mb", "taskmanager.memory.managed.size");
        set("16mb", "taskmanager.memory.network.min");
        set("16mb", "taskmanager.memory.network.max");
        // Small buffers: the data in flight of an unaligned checkpoint stays small too.
        set("4kb", "taskmanager.memory.segment-size");
        set("1", "taskmanager.network.memory.buffers-per-channel");
        set("2", "taskmanager.network.memory.floating-buffers-per-gate");
        set("2", "taskmanager.network.memory.max-buffers-per-channel");
        set("0", "rest.port");
    }

    private void checkpointDirectory(String uri) {
        set(uri, "state.checkpoints.dir", "execution.checkpointing.dir");
    }

    Options backend(String name) {
        boolean renamed = name.equals("hashmap") && !Release.atLeast("1.13");
        return set(renamed ? "filesystem" : name, "state.backend", "state.backend.type");
    }

    Options incremental() {
        return set("true", "state.backend.incremental", "execution.checkpointing.incremental");
    }

    Options inlineThreshold(int bytes) {
        return set(Integer.toString(bytes), "state.backend.fs.memory-threshold",
                "state.storage.fs.memory-threshold",
                "execution.checkpointing.data-inline-threshold");
    }

    /** Takes checkpoints by itself, and keeps the newest ones when the job is cancelled. */
    Options checkpoints(long intervalMillis, int retained) {
        set(intervalMillis + "ms", "execution.checkpointing.interval");
        set("RETAIN_ON_CANCELLATION", "execution.checkpointing.externalized-checkpoint-retention");
        return set(Integer.toString(retained),
                "state.checkpoints.num-retained", "execution.checkpointing.num-retained");
    }

    Options unaligned() {
        // Flink hands all the memory to the buffers between tasks, and would fill it.
        set("2mb", "taskmanager.memory.network.min");
        set("2mb", "taskmanager.memory.network.max");
        return set("true", "execution.checkpointing.unaligned",
                "execution.checkpointing.unaligned.enabled");
    }

    Options changelog(String storage, String directory) {
        set("true", "state.backend.changelog.enabled", "state.changelog.enabled");
        set(storage, "state.backend.changelog.storage", "state.changelog.storage");
        set("file://" + directory + "/dstl",
                "dstl.dfs.base-path", "state.changelog.dstl.dfs.base-path");
        // Often enough that a checkpoint holds materialized state and changes after it.
        return set("900ms", "state.backend.changelog.periodic-materialize.interval",
                "state.changelog.periodic-materialize.interval");
    }

    Options fileMerging() {
        set("true", "state.checkpoints.file-merging.across-checkpoint-boundary",
                "execution.checkpointing.file-merging.across-checkpoint-boundary");
        return set("true", "state.checkpoints.file-merging.enabled",
                "execution.checkpointing.file-merging.enabled");
    }

    /** The changelog backend cannot leave a snapshot unclaimed: Flink may then delete it. */
    Options restoreFrom(String path) {
        if (configuration.containsKey("dstl.dfs.base-path")) {
            set("CLAIM", "execution.savepoint-restore-mode", "execution.state-recovery.claim-mode");
        }
        return set(path, "execution.savepoint.path", "execution.state-recovery.path");
    }

    /** As many subtasks as a job at the largest of parallelisms that are tried has. */
    Options roomForManyTasks() {
        set("256mb", "taskmanager.memory.managed.size");
        set("64mb", "taskmanager.memory.network.min");
        return set("64mb", "taskmanager.memory.network.max");
    }

    /** State that no operator of the job takes may be lost. */
    Options leaveBehind() {
        return set("true", "execution.savepoint.ignore-unclaimed-state",
                "execution.state-recovery.ignore-unclaimed-state");
    }

    /** A checkpoint would change the lists that a restore left. */
    Options noCheckpoints() {
        set("10h", "execution.checkpointing.min-pause"); // before the first one too
        return set("20h", "execution.checkpointing.interval");
    }

    Options finishedTasks() {
        return set("true", "execution.checkpointing.checkpoints-after-tasks-finish.enabled",
                "execution.checkpointing.checkpoints-after-tasks-finish");
    }

    Options heapTimers() {
        return set("HEAP", "state.backend.rocksdb.timer-service.factory");
    }

    Configuration configuration() {
        return configuration.clone();
    }

    private Options set(String value, String... keys) {
        for (String key : keys) {
            configuration.setString(key, value);
        }
        return this;
    }
}
