package dev.cairnstate.flinkdata;

import org.apache.flink.runtime.checkpoint.Checkpoints;
import org.apache.flink.runtime.checkpoint.OperatorState;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.checkpoint.StateObjectCollection;
import org.apache.flink.runtime.checkpoint.TaskStateSnapshot;
import org.apache.flink.runtime.checkpoint.metadata.CheckpointMetadata;
import org.apache.flink.runtime.jobgraph.JobVertex;
import org.apache.flink.runtime.jobgraph.OperatorID;
import org.apache.flink.runtime.state.IncrementalKeyedStateHandle.HandleAndLocalPath;
import org.apache.flink.runtime.state.IncrementalRemoteKeyedStateHandle;
import org.apache.flink.runtime.state.KeyedStateHandle;
import org.apache.flink.runtime.state.PlaceholderStreamStateHandle;
import org.apache.flink.runtime.state.StreamStateHandle;
import org.apache.flink.runtime.state.changelog.ChangelogStateBackendHandle.ChangelogStateBackendHandleImpl;
import org.apache.flink.runtime.state.memory.ByteStreamStateHandle;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The state of one subtask as Flink's own serializer writes it: as a checkpoint in which nobody else has state.
 *
 * <p>What a task sends to the coordinator may hold placeholders, which are never in metadata. They are written as inline
 * handles, whose name is that of the file and whose bytes are its size; {@link #placeholders} has the names.
 */
final class Snapshot {
    final Set<String> placeholders = new HashSet<>();
    private final long checkpoint;
    private final int subtask;
    private final JobVertex vertex;

    Snapshot(long checkpoint, int subtask, JobVertex vertex) {
        this.checkpoint = checkpoint;
        this.subtask = subtask;
        this.vertex = vertex;
    }

    byte[] metadata(TaskStateSnapshot snapshot) {
        final List<OperatorState> operators = new ArrayList<>();
        for (Map.Entry<OperatorID, OperatorSubtaskState> entry : snapshot.getSubtaskStateMappings()) {
            final OperatorState operator = new OperatorState(
                    null, null, entry.getKey(), vertex.getParallelism(), vertex.getMaxParallelism());
            operator.putState(subtask, writable(entry.getValue()));
            operators.add(operator);
        }
        final ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            Checkpoints.storeCheckpointMetadata(new CheckpointMetadata(checkpoint, operators, Collections.emptyList()), out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    private OperatorSubtaskState writable(OperatorSubtaskState state) {
        final List<KeyedStateHandle> keyed = new ArrayList<>();
        state.getManagedKeyedState().forEach(handle -> keyed.add(writable(handle)));
        return state.toBuilder().setManagedKeyedState(new StateObjectCollection<>(keyed)).build();
    }

    private KeyedStateHandle writable(KeyedStateHandle handle) {
        if (handle instanceof IncrementalRemoteKeyedStateHandle) {
            return writable((IncrementalRemoteKeyedStateHandle) handle);
        }
        return handle instanceof ChangelogStateBackendHandleImpl
                ? writable((ChangelogStateBackendHandleImpl) handle)
                : handle;
    }

    private KeyedStateHandle writable(ChangelogStateBackendHandleImpl handle) {
        final List<KeyedStateHandle> materialized = new ArrayList<>();
        handle.getMaterializedStateHandles().forEach(part -> materialized.add(writable(part)));
        return ChangelogStateBackendHandleImpl.restore(
                materialized,
                handle.getNonMaterializedStateHandles(),
                handle.getKeyGroupRange(),
                handle.getCheckpointId(),
                handle.getMaterializationID(),
                handle.getCheckpointedSize(),
                handle.getStateHandleId());
    }

    private KeyedStateHandle writable(IncrementalRemoteKeyedStateHandle files) {
        return IncrementalRemoteKeyedStateHandle.restore(
                files.getBackendIdentifier(),
                files.getKeyGroupRange(),
                files.getCheckpointId(),
                writable(files.getSharedState()),
                writable(files.getPrivateState()),
                files.getMetaDataStateHandle(),
                files.getCheckpointedSize(),
                files.getStateHandleId());
    }

    private List<HandleAndLocalPath> writable(List<HandleAndLocalPath> files) {
        final List<HandleAndLocalPath> writable = new ArrayList<>();
        files.forEach(file -> writable.add(HandleAndLocalPath.of(writable(file.getHandle()), file.getLocalPath())));
        return writable;
    }

    private StreamStateHandle writable(StreamStateHandle handle) {
        if (!(handle instanceof PlaceholderStreamStateHandle)) {
            return handle;
        }
        final String name = handle.getStreamStateHandleID().getKeyString();
        placeholders.add(name);
        return new ByteStreamStateHandle(name, ByteBuffer.allocate(Long.BYTES).putLong(handle.getStateSize()).array());
    }
}
