package dev.cairnstate.flinkdata;

import cairn.assign.Bare;

import org.apache.flink.api.common.JobID;
import org.apache.flink.runtime.checkpoint.CheckpointException;
import org.apache.flink.runtime.checkpoint.CheckpointMetrics;
import org.apache.flink.runtime.checkpoint.SubTaskInitializationMetrics;
import org.apache.flink.runtime.checkpoint.TaskStateSnapshot;
import org.apache.flink.runtime.executiongraph.ExecutionAttemptID;
import org.apache.flink.runtime.jobgraph.JobGraph;
import org.apache.flink.runtime.jobgraph.JobVertex;
import org.apache.flink.runtime.jobgraph.JobVertexID;
import org.apache.flink.runtime.taskmanager.CheckpointResponder;
import org.apache.flink.runtime.taskmanager.Task;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Stands where tasks answer the checkpoint coordinator of Flink, and sends what they say down the wire instead. */
final class Answers implements CheckpointResponder {
    private final Map<JobVertexID, Integer> vertices = new HashMap<>();
    private final Map<JobVertexID, JobVertex> graph = new HashMap<>();
    private final Wire wire;

    Answers(JobGraph graph, Wire wire) {
        this.wire = wire;
        final List<JobVertex> sorted = graph.getVerticesSortedTopologicallyFromSources();
        for (JobVertex vertex : sorted) {
            vertices.put(vertex.getID(), vertices.size());
            this.graph.put(vertex.getID(), vertex);
        }
    }

    /** Has the task, which has not begun to run, answer here. */
    void instead(Task task) {
        final Object manager = Fields.get(Task.class, task, "taskStateManager");
        Bare.set(Task.class, task, "checkpointResponder", this);
        Bare.set(manager.getClass(), manager, "checkpointResponder", this);
    }

    @Override
    public void acknowledgeCheckpoint(
            JobID job, ExecutionAttemptID attempt, long checkpoint, CheckpointMetrics metrics, TaskStateSnapshot snapshot) {
        final Snapshot state = new Snapshot(checkpoint, attempt.getSubtaskIndex(), graph.get(attempt.getJobVertexId()));
        wire.send(
                "event", "acknowledge",
                "vertex", vertices.get(attempt.getJobVertexId()),
                "subtask", attempt.getSubtaskIndex(),
                "checkpoint", checkpoint,
                "snapshot", snapshot == null ? null : Wire.hex(state.metadata(snapshot)),
                "placeholders", state.placeholders,
                "deployedAsFinished", snapshot != null && snapshot.isTaskDeployedAsFinished(),
                "finished", snapshot != null && snapshot.isTaskFinished(),
                "persisted", metrics.getBytesPersistedOfThisCheckpoint(),
                "total", metrics.getTotalBytesPersisted(),
                "unaligned", metrics.getUnalignedCheckpoint());
    }

    @Override
    public void declineCheckpoint(JobID job, ExecutionAttemptID attempt, long checkpoint, CheckpointException cause) {
        wire.send(
                "event", "decline",
                "vertex", vertices.get(attempt.getJobVertexId()),
                "subtask", attempt.getSubtaskIndex(),
                "checkpoint", checkpoint,
                "reason", cause.getCheckpointFailureReason().name(),
                "message", RestoreJob.rootCause(cause).toString());
    }

    /** Of checkpoints that were aborted; nobody asks. */
    @Override
    public void reportCheckpointMetrics(JobID job, ExecutionAttemptID attempt, long checkpoint, CheckpointMetrics metrics) {}

    @Override
    public void reportInitializationMetrics(JobID job, ExecutionAttemptID attempt, SubTaskInitializationMetrics metrics) {}
}
