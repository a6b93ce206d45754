package dev.cairnstate.flinkdata;

import org.apache.flink.api.common.JobID;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.jobgraph.SavepointRestoreSettings;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.ObjectMapper;

import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntUnaryOperator;

/**
 * Restores snapshots with running Flink. Each line on stdin names one: {@code case TAB path TAB change TAB allow}, where
 * change is how the parallelism of each operator becomes another, and allow says that state may be left behind (true). A
 * line of JSON on stdout says what each subtask was told and holds.
 */
final class RunRestores {
    private static final ObjectMapper JSON = new ObjectMapper();

    private RunRestores() {}

    public static void main(String[] args) throws Exception {
        final PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), true, "UTF-8");
        System.setOut(System.err); // for whoever feels like printing
        final BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            final String[] asked = line.split("\t");
            out.write((JSON.writeValueAsString(answer(asked)) + "\n")
                    .getBytes(StandardCharsets.UTF_8));
            out.flush();
        }
        System.exit(0);
    }

    static IntUnaryOperator change(String name) {
        switch (name) {
            case "same": return own -> own;
            case "half": return own -> Math.max(own / 2, 1);
            case "double": return own -> 2 * own;
            case "odd": return own -> 2 * own + 3;
            default: throw new IllegalArgumentException("no change " + name);
        }
    }

    private static Map<String, Object> answer(String[] asked) throws Exception {
        final Path directory = Files.createTempDirectory("restored");
        try {
            final DataCase data = RestoreJob.find(asked[0], directory);
            if (Boolean.parseBoolean(asked[3])) {
                data.options.leaveBehind();
            }
            return restore(data, asked[1], change(asked[2]));
        } catch (Exception e) {
            return SnapshotReport.pairs("problem", RestoreJob.rootCause(e).toString());
        } finally {
            Trees.delete(directory);
        }
    }

    private static Map<String, Object> restore(DataCase data, String path, IntUnaryOperator change) throws Exception {
        Progress.reset();
        final Configuration configuration = data.options.roomForManyTasks().noCheckpoints().restoreFrom(path).configuration();
        try (RunningJob running = new RunningJob(data.job, change, new JobID(), configuration)) {
            running.graph().setSavepointRestoreSettings(SavepointRestoreSettings.fromConfiguration(configuration));
            running.cluster.start();
            final Tasks tasks = new Tasks(running.cluster, task -> {});
            running.submit();
            final Restored restored = new Restored(running, tasks);
            return SnapshotReport.pairs(
                    "job", running.report.report(),
                    "told", restored.told,
                    "held", restored.held,
                    "raw", new TreeMap<>(Progress.RESTORED));
        }
    }
}
