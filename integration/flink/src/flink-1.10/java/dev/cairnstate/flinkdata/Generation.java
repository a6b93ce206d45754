package dev.cairnstate.flinkdata;

import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.functions.RuntimeContext;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.checkpoint.Checkpoints;
import org.apache.flink.runtime.checkpoint.savepoint.Savepoint;
import org.apache.flink.runtime.jobgraph.JobVertex;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.streaming.api.datastream.DataStreamSource;
import org.apache.flink.streaming.api.environment.CheckpointConfig.ExternalizedCheckpointCleanup;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

import java.io.DataInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** What this generation of Flink names in its own way: 1.10. */
final class Generation {
    private Generation() {}

    static int subtask(RuntimeContext context) {
        return context.getIndexOfThisSubtask();
    }

    static int parallelism(RuntimeContext context) {
        return context.getNumberOfParallelSubtasks();
    }

    /** Jobs took checkpoint settings by calls only; state backends come from the cluster. */
    static StreamExecutionEnvironment environment(Configuration configuration) {
        StreamExecutionEnvironment env =
                StreamExecutionEnvironment.createLocalEnvironment(1, configuration);
        String interval = configuration.getString("execution.checkpointing.interval", "");
        if (!interval.isEmpty()) {
            env.enableCheckpointing(Long.parseLong(interval.replace("ms", "")));
            env.getCheckpointConfig().enableExternalizedCheckpoints(
                    ExternalizedCheckpointCleanup.RETAIN_ON_CANCELLATION);
        }
        return env;
    }

    static DataStreamSource<Long> addNumbers(StreamExecutionEnvironment env) {
        throw new UnsupportedOperationException("sources have coordinators since 1.11");
    }

    /** Pairs of operator id and user-defined id, the latter null if there is none. */
    static List<Object[]> operatorIds(JobVertex vertex) {
        List<Object[]> ids = new ArrayList<>();
        for (int i = 0; i < vertex.getOperatorIDs().size(); i++) {
            ids.add(new Object[] {
                vertex.getOperatorIDs().get(i), vertex.getUserDefinedOperatorIDs().get(i)});
        }
        return ids;
    }

    /** @param nativeFormat is false here: there was one format only */
    static CompletableFuture<String> savepoint(
            MiniCluster cluster, JobID job, String directory, boolean nativeFormat) {
        return cluster.triggerSavepoint(job, directory, false);
    }

    static CompletableFuture<String> stop(
            MiniCluster cluster, JobID job, String directory, boolean drain) {
        return cluster.stopWithSavepoint(job, directory, drain);
    }

    /** @param pointer is of no use here: there were no relative handles */
    static Savepoint metadata(DataInputStream in, String pointer) throws IOException {
        return Checkpoints.loadCheckpointMetadata(in, Generation.class.getClassLoader());
    }
}
