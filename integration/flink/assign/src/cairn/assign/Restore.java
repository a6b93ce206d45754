package cairn.assign;

import org.apache.flink.api.common.JobID;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.checkpoint.CheckpointProperties;
import org.apache.flink.runtime.checkpoint.Checkpoints;
import org.apache.flink.runtime.checkpoint.CompletedCheckpoint;
import org.apache.flink.runtime.checkpoint.OperatorState;
import org.apache.flink.runtime.checkpoint.StateAssignmentOperation;
import org.apache.flink.runtime.checkpoint.VertexFinishedStateChecker;
import org.apache.flink.runtime.executiongraph.ExecutionJobVertex;
import org.apache.flink.runtime.jobgraph.JobVertexID;
import org.apache.flink.runtime.jobgraph.OperatorID;
import org.apache.flink.runtime.state.CompletedCheckpointStorageLocation;
import org.apache.flink.runtime.state.StreamStateHandle;
import org.apache.flink.runtime.state.memory.ByteStreamStateHandle;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** The three steps of a restore, each by Flink's own class. */
final class Restore {
    final Graph graph;
    private final Pair pair;
    private final String pointer;
    private Map<OperatorID, OperatorState> states;

    Restore(Pair pair, String pointer) {
        this.pair = pair;
        this.pointer = pair.pointer == null ? pointer : pair.pointer;
        graph = new Graph(pair.vertices);
    }

    void validate() throws IOException {
        final Map<JobVertexID, ExecutionJobVertex> tasks = new LinkedHashMap<>();
        graph.vertices.forEach(vertex -> tasks.put(vertex.getJobVertexId(), vertex));
        final CompletedCheckpoint checkpoint =
                Checkpoints.loadAndValidateCheckpoint(
                        new JobID(),
                        tasks,
                        new Location(pair.checkpoint, pointer),
                        Restore.class.getClassLoader(),
                        pair.allowNonRestored,
                        CheckpointProperties.forSavepoint(false, SavepointFormatType.NATIVE));
        states = checkpoint.getOperatorStates();
    }

    void checkFinished() {
        new VertexFinishedStateChecker(vertices(), states).validateOperatorsFinishedState();
    }

    /**
     * Flink walks its vertices in the order of a hash map by identity, which is another one every time. Given a map that
     * keeps an order, the same pair has the same answer twice, and every answer that Flink could give can be asked for.
     */
    StateAssignmentOperation operation() {
        final StateAssignmentOperation operation =
                new StateAssignmentOperation(
                        5, vertices(), states, pair.allowNonRestored, pair.recoverOutputDownstream);
        Bare.set(StateAssignmentOperation.class, operation, "vertexAssignments", new LinkedHashMap<>());
        return operation;
    }

    private Set<ExecutionJobVertex> vertices() {
        final Set<ExecutionJobVertex> vertices = new LinkedHashSet<>();
        for (int index : pair.order) {
            vertices.add(graph.vertices.get(index));
        }
        return vertices;
    }

    private static final class Location implements CompletedCheckpointStorageLocation {
        private static final long serialVersionUID = 1L;
        private final byte[] metadata;
        private final String pointer;

        Location(byte[] metadata, String pointer) {
            this.metadata = metadata;
            this.pointer = pointer;
        }

        @Override
        public String getExternalPointer() {
            return pointer;
        }

        @Override
        public StreamStateHandle getMetadataHandle() {
            return new ByteStreamStateHandle("_metadata", metadata);
        }

        @Override
        public void disposeStorageLocation() {}
    }
}
