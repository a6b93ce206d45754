package dev.cairnstate.flinkdata;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The cases that the running release can make. */
final class Cases {
    private static final int MIB = 1 << 20;

    /** Less than any table of RocksDB: inline tables would not be shared between checkpoints. */
    private static final int SMALL_TABLE = 512;
    private static final long INTERVAL_MILLIS = 400;
    private static final int RETAINED = 2;

    /** Only the oldest and the newest: it is the same large bytes in all. */
    private static final List<String> LARGE_INLINE = Arrays.asList("1.10.2", "2.3.0");

    private final List<DataCase> cases = new ArrayList<>();
    private final Path directory;

    private Cases(Path directory) {
        this.directory = directory;
    }

    /** @param directory of the release; each case lives in a directory below it */
    static List<DataCase> below(Path directory) {
        Cases all = new Cases(directory);
        all.savepoints();
        all.checkpoints();
        if (Release.atLeast("1.11")) {
            all.unaligned();
        }
        if (Release.atLeast("1.14")) {
            all.finished();
        }
        if (Release.atLeast("1.15")) {
            all.nativeSavepoints();
        }
        if (Release.has("org.apache.flink.changelog.fs.FsStateChangelogStorageFactory")) {
            all.changelogOnFiles();
        }
        if (Release.has("org.apache.flink.state.changelog.ChangelogStateBackend")) {
            all.changelogInMemory();
        }
        if (Release.atLeast("1.20")) {
            all.fileMerging();
        }
        return all.cases;
    }

    private void savepoints() {
        add("hashmap-savepoint", "features", DataCase.Snapshot.SAVEPOINT,
                options("hashmap-savepoint").backend("hashmap"),
                "heap", "canonical savepoint", "all kinds of operator state", "raw state",
                "master hook", "uid, uid hash, neither", "non-ASCII names");
        add("rocksdb-savepoint", "features", DataCase.Snapshot.SAVEPOINT,
                options("rocksdb-savepoint").backend("rocksdb"),
                "RocksDB", "canonical savepoint");
        add("rocksdb-suspend-savepoint", "features", DataCase.Snapshot.SUSPEND,
                options("rocksdb-suspend-savepoint").backend("rocksdb"),
                "RocksDB", "stop with savepoint, suspend");
        add("hashmap-drain-savepoint", "features", DataCase.Snapshot.DRAIN,
                options("hashmap-drain-savepoint").backend("hashmap"),
                "heap", "stop with savepoint, drain");
    }

    private void checkpoints() {
        add("hashmap-checkpoints", "features", DataCase.Snapshot.CHECKPOINTS,
                checkpointOptions("hashmap-checkpoints").backend("hashmap"),
                "heap", "retained checkpoints");
        add("rocksdb-incremental-checkpoints", "features", DataCase.Snapshot.CHECKPOINTS,
                checkpointOptions("rocksdb-incremental-checkpoints")
                        .backend("rocksdb").incremental().inlineThreshold(SMALL_TABLE),
                "RocksDB", "incremental retained checkpoints", "shared files")
                .requires("IncrementalRemoteKeyedStateHandle");
        if (!Release.hasCustomRawKeyedState()) {
            add("rocksdb-heap-timers-checkpoints", "features", DataCase.Snapshot.CHECKPOINTS,
                    checkpointOptions("rocksdb-heap-timers-checkpoints")
                            .backend("rocksdb").incremental().inlineThreshold(SMALL_TABLE)
                            .heapTimers(),
                    "RocksDB", "timers as raw keyed state");
        }
        if (LARGE_INLINE.contains(Release.version())) {
            largeInline();
        }
    }

    private void largeInline() {
        add("large-inline-checkpoint", "large-inline", DataCase.Snapshot.CHECKPOINTS,
                options("large-inline-checkpoint").backend("hashmap")
                        .checkpoints(INTERVAL_MILLIS, 1).inlineThreshold(MIB),
                "heap", "inline state of 60 KB and 700 KB")
                .requires("ByteStreamStateHandle");
    }

    private void unaligned() {
        add("unaligned-checkpoints", "in-flight", DataCase.Snapshot.CHECKPOINTS,
                checkpointOptions("unaligned-checkpoints").backend("hashmap").unaligned(),
                "heap", "unaligned checkpoints", "in-flight data of inputs and outputs")
                .requires("inputChannelBytes", "resultSubpartitionBytes");
    }

    private void finished() {
        add("finished-checkpoints", "finishing", DataCase.Snapshot.CHECKPOINTS,
                checkpointOptions("finished-checkpoints").backend("hashmap").finishedTasks(),
                "heap", "a fully finished vertex", "a partly finished vertex")
                .requires("fullyFinished", "finished");
        add("finished-savepoint", "finishing", DataCase.Snapshot.SAVEPOINT,
                options("finished-savepoint").backend("hashmap").finishedTasks()
                        .checkpoints(INTERVAL_MILLIS, 1),
                "heap", "canonical savepoint", "a fully finished vertex",
                "a partly finished vertex", "a checkpoint of the same job")
                .requires("fullyFinished", "finished");
    }

    private void nativeSavepoints() {
        add("hashmap-native-savepoint", "features", DataCase.Snapshot.NATIVE_SAVEPOINT,
                options("hashmap-native-savepoint").backend("hashmap"),
                "heap", "native savepoint");
        add("rocksdb-native-savepoint", "features", DataCase.Snapshot.NATIVE_SAVEPOINT,
                options("rocksdb-native-savepoint").backend("rocksdb").incremental(),
                "RocksDB", "native savepoint")
                .requires("IncrementalRemoteKeyedStateHandle");
    }

    private void changelogOnFiles() {
        String file = "changelog-checkpoints";
        add(file, "features", DataCase.Snapshot.CHECKPOINTS,
                checkpointOptions(file).backend("rocksdb").incremental()
                        .changelog("filesystem", directory.resolve(file).toString()),
                "RocksDB", "changelog on a file system", "materialized and not materialized")
                .requires("ChangelogStateHandleStreamImpl", "IncrementalRemoteKeyedStateHandle");
    }

    private void changelogInMemory() {
        String memory = "changelog-in-memory-checkpoints";
        add(memory, "features", DataCase.Snapshot.CHECKPOINTS,
                checkpointOptions(memory).backend("hashmap")
                        .changelog("memory", directory.resolve(memory).toString()),
                "heap", "changelog in memory")
                .requires("InMemoryChangelogStateHandle");
    }

    private void fileMerging() {
        add("file-merging-checkpoints", "features", DataCase.Snapshot.CHECKPOINTS,
                checkpointOptions("file-merging-checkpoints")
                        .backend("rocksdb").incremental().fileMerging(),
                "RocksDB", "incremental retained checkpoints", "file merging")
                .requires("SegmentFileStateHandle", "FileMergingOperatorStreamStateHandle");
        add("file-merging-unaligned-checkpoints", "in-flight", DataCase.Snapshot.CHECKPOINTS,
                options("file-merging-unaligned-checkpoints")
                        .backend("hashmap").unaligned().fileMerging()
                        .checkpoints(INTERVAL_MILLIS, 1),
                "heap", "unaligned checkpoints", "file merging")
                .requires("SegmentFileStateHandle", "inputChannelBytes");
    }

    private DataCase add(String name, String job, DataCase.Snapshot snapshot, Options options,
            String... features) {
        DataCase added = new DataCase(name, job, snapshot, options, features);
        cases.add(added);
        return added;
    }

    private Options options(String name) {
        return new Options(directory.resolve(name).toString());
    }

    private Options checkpointOptions(String name) {
        return options(name).checkpoints(INTERVAL_MILLIS, RETAINED);
    }
}
