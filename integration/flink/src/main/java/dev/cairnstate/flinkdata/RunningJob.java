package dev.cairnstate.flinkdata;

import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.execution.ExecutionState;
import org.apache.flink.runtime.executiongraph.AccessExecutionGraph;
import org.apache.flink.runtime.executiongraph.AccessExecutionVertex;
import org.apache.flink.runtime.jobgraph.JobGraph;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.graph.StreamGraph;

import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.function.IntUnaryOperator;

/** A job on a Flink cluster of its own, in this JVM. */
final class RunningJob implements AutoCloseable {
    private static final int TIMEOUT_SECONDS = 60;
    private static final int SLOTS = 16;

    final JobID id;
    final JobReport report;
    final MiniCluster cluster;
    private final JobGraph graph;

    RunningJob(String name, IntUnaryOperator parallelism, JobID id, Configuration configuration)
            throws Exception {
        this.id = id;
        StreamExecutionEnvironment env = Generation.environment(configuration);
        new Jobs(env, parallelism).build(name);
        StreamGraph streams = env.getStreamGraph();
        graph = streams.getJobGraph();
        graph.setJobID(id);
        report = new JobReport(streams, graph);
        cluster = new MiniCluster(new MiniClusterConfiguration.Builder()
                .setConfiguration(configuration)
                .setNumTaskManagers(1)
                .setNumSlotsPerTaskManager(SLOTS)
                .build());
    }

    JobGraph graph() {
        return graph;
    }

    void start() throws Exception {
        cluster.start();
        submit();
    }

    /** The cluster must have been started. */
    void submit() throws Exception {
        cluster.submitJob(graph).get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
        await("running", () -> status() == JobStatus.RUNNING && tasksStarted());
    }

    /** The job runs before its tasks do, and Flink refuses savepoints until those run too. */
    private boolean tasksStarted() throws Exception {
        AccessExecutionGraph execution =
                cluster.getExecutionGraph(id).get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
        for (AccessExecutionVertex task : execution.getAllExecutionVertices()) {
            ExecutionState state = task.getExecutionState();
            if (state != ExecutionState.RUNNING && state != ExecutionState.FINISHED) {
                return false;
            }
        }
        return true;
    }

    /** Polls until the condition holds; fails if the job fails, or after a long time. */
    void await(String what, Callable<Boolean> condition) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(TIMEOUT_SECONDS);
        while (!condition.call()) {
            if (status() == JobStatus.FAILED) {
                throw new IllegalStateException("the job failed", cluster.requestJobResult(id)
                        .get().getSerializedThrowable().map(
                                t -> t.deserializeError(getClass().getClassLoader())).orElse(null));
            }
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("still not: " + what + ", job is " + status());
            }
            Thread.sleep(50);
        }
    }

    JobStatus status() throws Exception {
        return cluster.getJobStatus(id).get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    }

    void cancel() throws Exception {
        cluster.cancelJob(id).get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
        await("cancelled", () -> status().isGloballyTerminalState());
    }

    @Override
    public void close() throws Exception {
        cluster.close();
    }
}
