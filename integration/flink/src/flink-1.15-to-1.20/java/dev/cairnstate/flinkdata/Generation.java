package dev.cairnstate.flinkdata;

import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.functions.RuntimeContext;
import org.apache.flink.api.connector.source.lib.NumberSequenceSource;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.checkpoint.Checkpoints;
import org.apache.flink.runtime.checkpoint.metadata.CheckpointMetadata;
import org.apache.flink.runtime.jobgraph.JobVertex;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.streaming.api.datastream.DataStreamSource;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

import java.io.DataInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** What this generation of Flink names in its own way: 1.15 to 1.20. */
final class Generation {
    private Generation() {}

    static int subtask(RuntimeContext context) {
        return context.getIndexOfThisSubtask();
    }

    static int parallelism(RuntimeContext context) {
        return context.getNumberOfParallelSubtasks();
    }

    static StreamExecutionEnvironment environment(Configuration configuration) {
        StreamExecutionEnvironment env =
                StreamExecutionEnvironment.createLocalEnvironment(1, configuration);
        env.configure(configuration, Generation.class.getClassLoader());
        return env;
    }

    static DataStreamSource<Long> addNumbers(StreamExecutionEnvironment env) {
        return env.fromSource(new NumberSequenceSource(0, Long.MAX_VALUE - 1),
                WatermarkStrategy.noWatermarks(), "numbers");
    }

    /** Pairs of operator id and user-defined id, the latter null if there is none. */
    static List<Object[]> operatorIds(JobVertex vertex) {
        List<Object[]> ids = new ArrayList<>();
        vertex.getOperatorIDs().forEach(pair -> ids.add(new Object[] {
            pair.getGeneratedOperatorID(), pair.getUserDefinedOperatorID().orElse(null)}));
        return ids;
    }

    static CompletableFuture<String> savepoint(
            MiniCluster cluster, JobID job, String directory, boolean nativeFormat) {
        return cluster.triggerSavepoint(job, directory, false, format(nativeFormat));
    }

    static CompletableFuture<String> stop(
            MiniCluster cluster, JobID job, String directory, boolean drain) {
        return cluster.stopWithSavepoint(job, directory, drain, format(false));
    }

    static CheckpointMetadata metadata(DataInputStream in, String pointer) throws IOException {
        return Checkpoints.loadCheckpointMetadata(in, Generation.class.getClassLoader(), pointer);
    }

    private static SavepointFormatType format(boolean nativeFormat) {
        return nativeFormat ? SavepointFormatType.NATIVE : SavepointFormatType.CANONICAL;
    }
}
