package dev.cairnstate.flinkdata;

import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.runtime.execution.ExecutionState;
import org.apache.flink.runtime.executiongraph.AccessExecutionJobVertex;
import org.apache.flink.runtime.executiongraph.AccessExecutionVertex;
import org.apache.flink.runtime.jobgraph.JobVertex;
import org.apache.flink.runtime.jobgraph.SavepointRestoreSettings;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.JsonNode;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** One life of a job. Flink runs it and restores it, and never begins a checkpoint of it. */
final class Turn {
    final Coordinators coordinators;
    final Messages messages;
    private final RunningJob running;
    private final Answers answers;

    Turn(JsonNode request, Wire wire) throws Exception {
        final Configuration configuration = configuration(request);
        // Where the schemes of object stores come from, and what they have to know.
        FileSystem.initialize(configuration, null);
        Progress.reset();
        running = new RunningJob(request.get("job").asText(), RunRestores.change(request.get("change").asText()),
                JobID.fromHexString(request.get("id").asText()), configuration);
        running.graph().setSavepointRestoreSettings(SavepointRestoreSettings.fromConfiguration(configuration));
        answers = new Answers(running.graph(), wire);
        coordinators = new Coordinators(running);
        messages = new Messages(running);
    }

    private static Configuration configuration(JsonNode request) {
        final Configuration configuration =
                new Options("/nowhere").roomForManyTasks().noCheckpoints().configuration();
        request.get("configuration").fields()
                .forEachRemaining(option -> configuration.setString(option.getKey(), option.getValue().asText()));
        return configuration;
    }

    Map<String, Object> start() throws Exception {
        try {
            running.cluster.start();
            new Tasks(running.cluster, answers::instead);
            running.submit();
            messages.find();
            coordinators.find();
        } catch (Exception e) {
            running.close();
            throw e;
        }
        return SnapshotReport.pairs(
                "job", running.report.report(),
                "vertices", running.graph().getVerticesSortedTopologicallyFromSources().stream()
                        .map(JobVertex::getID).map(Object::toString).collect(Collectors.toList()),
                "coordinators", coordinators.operators());
    }

    /** Waits until all that the sources were told to emit was counted. */
    Map<String, Object> settle() throws Exception {
        final long all = Progress.limit * Ticks.PARTITIONS;
        running.await("counted " + all, () -> Progress.emitted() == all && Progress.counted() == all);
        return settled();
    }

    /** For jobs whose sources finish. Every key was counted before this life, so that none may begin at 1. */
    Map<String, Object> settleFinished() throws Exception {
        running.await("restored counts", () -> Progress.COUNTS.size() == KeyedCounts.KEYS
                && Progress.COUNTS.values().stream().allMatch(count -> count > 1));
        return settled();
    }

    private static Map<String, Object> settled() {
        return SnapshotReport.pairs(
                "counted", Progress.counted(),
                "keys", Progress.COUNTS.size(),
                "restored", new TreeMap<>(Progress.RESTORED));
    }

    /**
     * By vertex in topological order, then by subtask.
     *
     * @param finished subtasks that it waits for until they are
     */
    List<List<String>> states(JsonNode finished) throws Exception {
        for (JsonNode subtask : finished) {
            final int vertex = subtask.get("Vertex").asInt();
            final int index = subtask.get("Index").asInt();
            running.await("finished " + subtask,
                    () -> states().get(vertex).get(index).equals(ExecutionState.FINISHED.name()));
        }
        return states();
    }

    private List<List<String>> states() throws Exception {
        final List<List<String>> states = new ArrayList<>();
        for (AccessExecutionJobVertex vertex :
                running.cluster.getExecutionGraph(running.id).get().getVerticesTopologically()) {
            final List<String> subtasks = new ArrayList<>();
            for (AccessExecutionVertex subtask : vertex.getTaskVertices()) {
                subtasks.add(subtask.getExecutionState().name());
            }
            states.add(subtasks);
        }
        return states;
    }

    String cancel() throws Exception {
        running.cancel();
        return close();
    }

    /** Waits until the job has ended by itself. */
    String ended() throws Exception {
        running.await("ended", () -> running.status() != JobStatus.FAILED && running.status().isGloballyTerminalState());
        return close();
    }

    private String close() throws Exception {
        final String status = running.status().toString();
        running.close();
        return status;
    }
}
