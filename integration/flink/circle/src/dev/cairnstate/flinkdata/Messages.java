package dev.cairnstate.flinkdata;

import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.checkpoint.CheckpointOptions;
import org.apache.flink.runtime.checkpoint.CheckpointType;
import org.apache.flink.runtime.checkpoint.SavepointType;
import org.apache.flink.runtime.checkpoint.SnapshotType;
import org.apache.flink.runtime.executiongraph.AccessExecutionJobVertex;
import org.apache.flink.runtime.executiongraph.AccessExecutionVertex;
import org.apache.flink.runtime.executiongraph.ExecutionAttemptID;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.state.CheckpointStorageLocationReference;
import org.apache.flink.runtime.taskexecutor.TaskExecutor;
import org.apache.flink.runtime.taskexecutor.TaskExecutorGateway;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.JsonNode;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** What a checkpoint coordinator tells tasks, by the RPC that Flink's own would use. */
final class Messages {
    private final RunningJob running;
    private final List<List<ExecutionAttemptID>> attempts = new ArrayList<>();
    private TaskExecutorGateway executor;

    Messages(RunningJob running) {
        this.running = running;
    }

    /** The job must be running. */
    void find() throws Exception {
        executor = ((TaskExecutor) ((List<?>) Fields.get(MiniCluster.class, running.cluster, "taskManagers")).get(0))
                .getSelfGateway(TaskExecutorGateway.class);
        for (AccessExecutionJobVertex vertex :
                running.cluster.getExecutionGraph(running.id).get().getVerticesTopologically()) {
            final List<ExecutionAttemptID> subtasks = new ArrayList<>();
            for (AccessExecutionVertex subtask : vertex.getTaskVertices()) {
                subtasks.add(subtask.getCurrentExecutionAttempt().getAttemptId());
            }
            attempts.add(subtasks);
        }
    }

    /** Sends it, and does not wait: what becomes of it the task tells, or nobody. */
    Object send(String verb, JsonNode message) {
        final ExecutionAttemptID attempt =
                attempts.get(message.get("vertex").asInt()).get(message.get("subtask").asInt());
        final long checkpoint = message.get("checkpoint").asLong();
        final long timestamp = message.get("timestamp").asLong();
        final CompletableFuture<?> sent;
        switch (verb) {
            case "task-trigger":
                sent = executor.triggerCheckpoint(attempt, checkpoint, timestamp, options(message));
                break;
            case "task-complete":
                sent = executor.confirmCheckpoint(attempt, checkpoint, timestamp, message.get("subsumed").asLong());
                break;
            case "task-abort":
                sent = executor.abortCheckpoint(attempt, checkpoint, message.get("latest").asLong(), timestamp);
                break;
            default: throw new IllegalArgumentException("no message " + verb);
        }
        return sent.isCompletedExceptionally() ? "lost" : "sent";
    }

    private static CheckpointOptions options(JsonNode message) {
        return CheckpointOptions.forConfig(
                type(message.get("type")),
                reference(message.get("reference").asText()),
                message.get("exactlyOnce").asBoolean(),
                message.get("unaligned").asBoolean(),
                message.get("alignedTimeout").asLong());
    }

    private static CheckpointStorageLocationReference reference(String hex) {
        return hex.isEmpty()
                ? CheckpointStorageLocationReference.getDefault()
                : new CheckpointStorageLocationReference(Wire.bytes(hex));
    }

    private static SnapshotType type(JsonNode type) {
        final String format = type.get("format").asText();
        switch (type.get("name").asText()) {
            case "Checkpoint": return CheckpointType.CHECKPOINT;
            case "Full Checkpoint": return CheckpointType.FULL_CHECKPOINT;
            case "Savepoint": return SavepointType.savepoint(SavepointFormatType.valueOf(format));
            case "Suspend Savepoint": return SavepointType.suspend(SavepointFormatType.valueOf(format));
            case "Terminate Savepoint": return SavepointType.terminate(SavepointFormatType.valueOf(format));
            default: throw new IllegalArgumentException("no snapshot type " + type);
        }
    }
}
