package dev.cairnstate.flinkdata;

import org.apache.flink.api.common.JobID;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.jobgraph.SavepointRestoreSettings;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/**
 * Restores a snapshot: {@code RestoreJob case path parallelism}.
 *
 * <p>Runs the job of the case from the path, lets every source emit some more, and compares: the
 * counts in keyed state add up to what the sources emitted since the very first start if and only
 * if no record was lost and none counted twice. Then waits for a checkpoint of the restored job.
 */
final class RestoreJob {
    /** Enough that every key is seen again. */
    private static final long MORE = 2 * KeyedCounts.KEYS;

    private RestoreJob() {}

    public static void main(String[] args) throws Exception {
        String name = args[0];
        String path = args[1];
        int parallelism = Integer.parseInt(args[2]);
        Path directory = Files.createTempDirectory("restored");
        boolean restored = false;
        String problem = null;
        try {
            restore(find(name, directory), path, parallelism, directory.resolve(name));
            restored = true;
        } catch (Exception e) {
            problem = rootCause(e).toString();
        }
        Trees.delete(directory);
        Map<String, Object> found = new TreeMap<>(Progress.RESTORED);
        System.out.println(Json.text(SnapshotReport.pairs(
                "release", Release.version(),
                "case", name,
                "path", path,
                "parallelism", parallelism,
                "restored", restored,
                "problem", problem,
                "emitted", Progress.emitted(),
                "counted", Progress.counted(),
                "found", found)));
        System.exit(restored ? 0 : 1);
    }

    static DataCase find(String name, Path directory) {
        return Cases.below(directory).stream()
                .filter(data -> data.name.equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no case " + name));
    }

    private static void restore(DataCase data, String path, int parallelism, Path directory)
            throws Exception {
        Configuration configuration = data.options.checkpoints(400, 1).restoreFrom(path)
                .configuration();
        try (RunningJob running =
                new RunningJob(data.job, own -> parallelism > 0 ? parallelism : own,
                        new JobID(), configuration)) {
            running.graph().setSavepointRestoreSettings(
                    SavepointRestoreSettings.fromConfiguration(configuration));
            running.start();
            switch (data.job) {
                case "finishing": awaitCounts(running); break;
                case "large-inline": running.await("large list",
                        () -> Progress.found("large list") > 0); break;
                default: awaitExactCounts(running);
            }
            Checkpoints checkpoints = new Checkpoints(directory.resolve(running.id.toString()));
            long last = checkpoints.newestNumber();
            running.await("a new checkpoint", () -> checkpoints.newestNumber() > last);
            running.cancel();
        }
    }

    private static void awaitExactCounts(RunningJob running) throws Exception {
        running.await("all partitions restored",
                () -> Progress.found("list") == Ticks.PARTITIONS);
        if (running.report.hasOperator("raw states") && Release.hasCustomRawKeyedState()) {
            running.await("all key groups of raw state restored",
                    () -> Progress.found("raw key group") == Jobs.KEY_GROUPS);
        }
        long limit = Progress.OFFSETS.values().stream().mapToLong(Long::longValue).max().getAsLong()
                + MORE;
        Progress.limit = limit;
        running.await("counted " + limit * Ticks.PARTITIONS, () ->
                Progress.emitted() == limit * Ticks.PARTITIONS
                        && Progress.counted() == Progress.emitted());
    }

    /** Of sources that finished nothing is left to count from: each key must only go on. */
    private static void awaitCounts(RunningJob running) throws Exception {
        Progress.limit = 10_000;
        running.await("restored counts", () -> Progress.COUNTS.size() == KeyedCounts.KEYS
                && Progress.COUNTS.values().stream().allMatch(count -> count > 1));
    }

    static Throwable rootCause(Throwable problem) {
        return problem.getCause() == null ? problem : rootCause(problem.getCause());
    }
}
