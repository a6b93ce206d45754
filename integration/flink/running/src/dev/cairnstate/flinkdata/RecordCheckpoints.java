package dev.cairnstate.flinkdata;

import org.apache.flink.api.common.JobID;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.WebOptions;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.jobgraph.JobGraph;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.JsonNode;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.ObjectMapper;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

import java.io.OutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Predicate;

/**
 * Writes down what Flink's REST API says of checkpoints, into the directory that the argument names. The job has a source
 * and a keyed count, in two subtasks each. It completes some checkpoints, makes a savepoint, fails, and in the end has a
 * checkpoint that waits for one subtask.
 */
final class RecordCheckpoints {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String MADE = "/tmp/cairn-flink-data";
    private static final JobID JOB = JobID.fromHexString("0123456789abcdef0123456789abcdef");

    private final HttpClient http = HttpClient.newHttpClient();
    private final MiniCluster cluster;
    private final Path directory;

    private RecordCheckpoints(MiniCluster cluster, Path directory) {
        this.cluster = cluster;
        this.directory = directory;
    }

    public static void main(String[] args) throws Exception {
        System.setOut(new PrintStream(OutputStream.nullOutputStream())); // the sink prints
        final Configuration configuration = configuration();
        try (MiniCluster cluster = new MiniCluster(new MiniClusterConfiguration.Builder()
                .setConfiguration(configuration).setNumTaskManagers(1).setNumSlotsPerTaskManager(2).build())) {
            cluster.start();
            cluster.submitJob(job(configuration)).get();
            new RecordCheckpoints(cluster, Path.of(args[0])).record();
        } finally {
            Trees.delete(Path.of(MADE));
        }
        System.exit(0);
    }

    private static Configuration configuration() {
        return new Configuration()
                .set(RestOptions.BIND_PORT, "0")
                .set(RestOptions.ADDRESS, "localhost")
                .set(RestOptions.CACHE_CHECKPOINT_STATISTICS_TIMEOUT, Duration.ofMillis(1))
                .set(WebOptions.CHECKPOINTS_HISTORY_SIZE, 100)
                .set(CheckpointingOptions.CHECKPOINTS_DIRECTORY, "file://" + MADE + "/checkpoints")
                .set(RestartStrategyOptions.RESTART_STRATEGY, "fixed-delay")
                .set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS, 100)
                .set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_DELAY, Duration.ofMillis(10));
    }

    private static JobGraph job(Configuration configuration) {
        final StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment(configuration);
        env.setParallelism(2);
        env.enableCheckpointing(300);
        env.getCheckpointConfig().setTolerableCheckpointFailureNumber(100);
        env.fromSequence(0, Long.MAX_VALUE).map(new Pause()).uid("numbers").keyBy(v -> v % 100).map(new Moods()).uid("count").print();
        final JobGraph graph = env.getStreamGraph().getJobGraph();
        graph.setJobID(JOB);
        return graph;
    }

    private void record() throws Exception {
        until("checkpoints", all -> all.has("counts"));
        write("checkpoints-none.json", get("checkpoints"));
        if (count(JSON.readTree(directory.resolve("checkpoints-none.json").toFile()), "total") > 0) {
            throw new IllegalStateException("the job was asked too late; once more");
        }
        until("checkpoints", all -> count(all, "completed") >= 8);
        cluster.triggerSavepoint(JOB, MADE + "/savepoints", false, SavepointFormatType.CANONICAL).get();
        Moods.REFUSES.set(true);
        until("checkpoints", all -> count(all, "restored") >= 1 && count(all, "failed") >= 1);
        Moods.FAILS.set(true);
        until("checkpoints", all -> count(all, "restored") >= 2);
        final int before = count(JSON.readTree(get("checkpoints")), "completed");
        until("checkpoints", all -> count(all, "completed") >= before + 3);
        Moods.WAITS.set(true);
        until("checkpoints", all -> Moods.WAITING.get()
                && all.get("history").get(0).get("num_acknowledged_subtasks").asInt() == 3);
        write("checkpoints.json", get("checkpoints"));
        details();
        Moods.WAITS.set(false);
        cluster.cancelJob(JOB).get();
    }

    private void details() throws Exception {
        final String details = "checkpoints/details/" + JSON.readTree(get("checkpoints")).get("history").get(0).get("id");
        write("checkpoint.json", get(details));
        final String count = "b71731f1c0df9c3076c4a455334d0ad6"; // of the uid
        for (var vertices = JSON.readTree(get(details)).get("tasks").fieldNames(); vertices.hasNext();) {
            final String vertex = vertices.next();
            write(vertex.equals(count) ? "checkpoint-count.json" : "checkpoint-source.json", get(details + "/subtasks/" + vertex));
        }
    }

    private static int count(JsonNode all, String which) {
        return all.get("counts").get(which).asInt();
    }

    private void until(String path, Predicate<JsonNode> condition) throws Exception {
        while (!condition.test(JSON.readTree(get(path)))) {
            Thread.sleep(20);
        }
    }

    private String get(String path) throws Exception {
        final URI uri = cluster.getRestAddress().get().resolve("/jobs/" + JOB + "/" + path);
        return http.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString()).body();
    }

    private void write(String name, String answer) throws Exception {
        Files.writeString(directory.resolve(name), answer);
    }
}
