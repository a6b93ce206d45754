package dev.cairnstate.flinkdata;

import org.apache.flink.runtime.checkpoint.CheckpointCoordinator;
import org.apache.flink.runtime.jobgraph.OperatorID;
import org.apache.flink.runtime.operators.coordination.OperatorCoordinatorHolder;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.JsonNode;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** The operator coordinators of a job, in the words in which a checkpoint coordinator speaks to them. */
final class Coordinators {
    private final RunningJob running;
    private final Map<String, OperatorCoordinatorHolder> holders = new TreeMap<>();

    Coordinators(RunningJob running) {
        this.running = running;
    }

    /** The job must be running. From now on nobody coordinates its checkpoints but whoever asks here. */
    void find() throws Exception {
        final Object scheduler = Inside.scheduler(running);
        // Flink's own would trigger a checkpoint as soon as all sources are at their end.
        ((CheckpointCoordinator) Fields.follow(scheduler, "executionGraph", "checkpointCoordinator")).shutdown();
        final Map<?, ?> all = (Map<?, ?>) Fields.follow(scheduler, "operatorCoordinatorHandler", "coordinatorMap");
        all.forEach((id, holder) -> holders.put(((OperatorID) id).toHexString(), (OperatorCoordinatorHolder) holder));
    }

    List<String> operators() {
        return new ArrayList<>(holders.keySet());
    }

    byte[] checkpoint(JsonNode request) throws Exception {
        final CompletableFuture<byte[]> state = new CompletableFuture<>();
        holder(request).checkpointCoordinator(request.get("checkpoint").asLong(), state);
        return state.get(60, TimeUnit.SECONDS);
    }

    Object complete(JsonNode request) {
        holder(request).notifyCheckpointComplete(request.get("checkpoint").asLong());
        return null;
    }

    Object abort(JsonNode request) {
        holder(request).notifyCheckpointAborted(request.get("checkpoint").asLong());
        return null;
    }

    private OperatorCoordinatorHolder holder(JsonNode request) {
        return holders.get(request.get("operator").asText());
    }
}
