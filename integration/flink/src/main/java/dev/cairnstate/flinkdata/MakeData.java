package dev.cairnstate.flinkdata;

import org.apache.flink.api.common.JobID;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * Makes the test data of the release on the class path: {@code MakeData [case...]}.
 *
 * <p>For each case it runs the job, takes the snapshots, reads them back with Flink's own reader,
 * and writes what that found to {@code expected.json}.
 */
final class MakeData {
    /** Fixed, because checkpoints hold the absolute paths of where they were made. */
    private static final Path ROOT = Paths.get("/tmp/cairn-flink-data");
    private static final int TIMEOUT_SECONDS = 120;

    private final DataCase data;
    private final Path directory;
    private final JobID id;
    private final Checkpoints checkpoints;

    private MakeData(DataCase data, Path directory) throws Exception {
        this.data = data;
        this.directory = directory;
        byte[] name = (Release.version() + "/" + data.name).getBytes(StandardCharsets.UTF_8);
        this.id = new JobID(MessageDigest.getInstance("MD5").digest(name));
        this.checkpoints = new Checkpoints(directory.resolve(id.toString()));
    }

    public static void main(String[] args) throws Exception {
        Set<String> wanted = new HashSet<>(Arrays.asList(args));
        Path release = ROOT.resolve(Release.version());
        int failures = 0;
        for (DataCase data : Cases.below(release)) {
            if (!wanted.isEmpty() && !wanted.contains(data.name)) {
                continue;
            }
            Path directory = release.resolve(data.name);
            Trees.delete(directory);
            Files.createDirectories(directory);
            long start = System.nanoTime();
            try {
                new MakeData(data, directory).make();
                System.out.println(Release.version() + "/" + data.name + ": made in "
                        + TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start) + " ms");
            } catch (Exception e) {
                failures++;
                System.out.println(Release.version() + "/" + data.name + ": FAILED");
                e.printStackTrace(System.out);
                Trees.delete(directory);
            }
        }
        System.exit(failures == 0 ? 0 : 1);
    }

    private void make() throws Exception {
        Progress.reset();
        Map<String, Object> job;
        List<Path> snapshots = new ArrayList<>();
        try (RunningJob running = new RunningJob(data.job, own -> own, id, data.options.configuration())) {
            job = running.report.report();
            running.start();
            if (data.snapshot == DataCase.Snapshot.CHECKPOINTS) {
                takeCheckpoints(running);
            } else {
                snapshots.add(takeSavepoint(running));
            }
            if (!running.status().isGloballyTerminalState()) {
                running.cancel();
            }
        }
        snapshots.addAll(checkpoints.completed());
        List<Object> reports = new ArrayList<>();
        for (Path snapshot : snapshots) {
            reports.add(SnapshotReport.of(directory, snapshot));
        }
        write(job, reports);
    }

    /** State grows between the checkpoints, so that incremental ones differ and share files. */
    private void takeCheckpoints(RunningJob running) throws Exception {
        boolean inFlight = data.job.equals("in-flight");
        for (int round = 1; round <= 3; round++) {
            // Data in flight needs more records than the slow operator will ever take.
            Progress.delayMillis = inFlight ? 2 : 0;
            Progress.limit = inFlight ? 1_000_000 : 100L * round;
            long last = checkpoints.newestNumber();
            running.await("checkpoint after " + last, () -> checkpoints.newestNumber() > last);
        }
        running.await("wanted facts", this::newestHasRequired);
    }

    private Path takeSavepoint(RunningJob running) throws Exception {
        Progress.limit = 200;
        boolean counts = data.job.equals("features");
        running.await("records", () -> counts
                ? Progress.counted() == Ticks.PARTITIONS * Progress.limit
                : newestHasRequired());
        String target = "file://" + directory;
        String made;
        switch (data.snapshot) {
            case SUSPEND: made = get(Generation.stop(running.cluster, id, target, false)); break;
            case DRAIN: made = get(Generation.stop(running.cluster, id, target, true)); break;
            case NATIVE_SAVEPOINT:
                made = get(Generation.savepoint(running.cluster, id, target, true)); break;
            default: made = get(Generation.savepoint(running.cluster, id, target, false));
        }
        return directory.resolve(Paths.get(made.replaceFirst("^file:", "")).getFileName());
    }

    private static String get(Future<String> future) throws Exception {
        return future.get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    }

    private boolean newestHasRequired() throws Exception {
        List<Path> completed = checkpoints.completed();
        if (completed.isEmpty()) {
            return false;
        }
        Map<String, Object> report;
        try {
            report = SnapshotReport.of(directory, completed.get(completed.size() - 1));
        } catch (IOException subsumed) {
            return false;
        }
        Facts facts = new Facts(report);
        return data.required.stream().allMatch(facts::has);
    }

    private void write(Map<String, Object> job, List<Object> reports) throws IOException {
        String json = Json.text(SnapshotReport.pairs(
                "release", Release.version(),
                "case", data.name,
                "madeAt", "file:" + directory,
                "features", data.features,
                "job", job,
                "snapshots", reports));
        Files.write(directory.resolve("expected.json"),
                (json + "\n").getBytes(StandardCharsets.UTF_8));
    }
}
