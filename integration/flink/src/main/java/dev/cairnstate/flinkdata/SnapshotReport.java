package dev.cairnstate.flinkdata;

import org.apache.flink.runtime.checkpoint.MasterState;
import org.apache.flink.runtime.checkpoint.OperatorState;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.StateObject;

import java.io.DataInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What Flink's own reader finds in one snapshot. */
final class SnapshotReport {
    private static final String[] PROPERTIES = {
        "forced", "discardSubsumed", "discardFinished", "discardCancelled", "discardFailed",
        "discardSuspended", "unclaimed",
    };

    private SnapshotReport() {}

    /** @param base of the case, to which the pointer is relative */
    static Map<String, Object> of(Path base, Path directory) throws Exception {
        Object metadata = read(directory);
        Map<String, Object> report = new LinkedHashMap<>();
        report.put("pointer", base.relativize(directory).toString());
        report.put("metadataVersion", version(directory));
        report.put("checkpointId", Optionals.get(metadata, "getCheckpointId"));
        addProperties(report, Optionals.get(metadata, "getCheckpointProperties"));
        report.put("masterStates", masterStates(metadata));
        Map<String, Object> operators = new TreeMap<>();
        Handles handles = new Handles();
        for (Object state : (Collection<?>) Optionals.get(metadata, "getOperatorStates")) {
            OperatorState operator = (OperatorState) state;
            operators.put(operator.getOperatorID().toString(), operator(operator));
            handles.visit(Optionals.get(operator, "getCoordinatorState"));
            handles.visit(operator.getSubtaskStates());
        }
        report.put("operators", operators.values());
        List<Object> files = new ArrayList<>();
        handles.files.forEach((path, bytes) -> files.add(pairs("path", path, "bytes", bytes)));
        report.put("files", files);
        report.put("handles", handles.counts);
        return report;
    }

    private static Object read(Path directory) throws IOException {
        try (DataInputStream in = open(directory)) {
            return Generation.metadata(in, "file:" + directory);
        }
    }

    private static int version(Path directory) throws IOException {
        try (DataInputStream in = open(directory)) {
            in.readInt();
            return in.readInt();
        }
    }

    private static DataInputStream open(Path directory) throws IOException {
        return new DataInputStream(Files.newInputStream(directory.resolve("_metadata")));
    }

    private static void addProperties(Map<String, Object> report, Object properties) {
        Object type = Optionals.get(properties, "getCheckpointType");
        String kind = Optionals.isTrue(type, "isSavepoint") ? "savepoint" : "checkpoint";
        report.put("snapshotType", type == null ? "" : kind);
        Object format = Optionals.get(type, "getFormatType");
        report.put("savepointFormat", format == null ? "" : format.toString());
        Object action = Optionals.get(type, "getPostCheckpointAction");
        if (action != null) {
            report.put("postCheckpointAction", action.toString());
        }
        if (properties != null) {
            Map<String, Object> flags = new LinkedHashMap<>();
            for (String property : PROPERTIES) {
                flags.put(property, Optionals.field(properties, property));
            }
            report.put("properties", flags);
        }
    }

    private static List<Object> masterStates(Object metadata) {
        List<Object> reports = new ArrayList<>();
        for (Object state : (Collection<?>) Optionals.get(metadata, "getMasterStates")) {
            MasterState master = (MasterState) state;
            reports.add(pairs("name", master.name(), "version", master.version(),
                    "bytes", master.bytes().length));
        }
        return reports;
    }

    private static Map<String, Object> operator(OperatorState operator) {
        List<Object> subtasks = new ArrayList<>();
        new TreeMap<>(operator.getSubtaskStates())
                .forEach((index, state) -> subtasks.add(subtask(index, state)));
        StateObject coordinator = (StateObject) Optionals.get(operator, "getCoordinatorState");
        return pairs(
                "id", operator.getOperatorID().toString(),
                "uid", text(Optionals.get(operator, "getOperatorUid")),
                "name", text(Optionals.get(operator, "getOperatorName")),
                "parallelism", operator.getParallelism(),
                "maxParallelism", operator.getMaxParallelism(),
                "fullyFinished", Optionals.isTrue(operator, "isFullyFinished"),
                "coordinatorBytes", coordinator == null ? 0 : coordinator.getStateSize(),
                "stateBytes", operator.getStateSize(),
                "subtasks", subtasks);
    }

    private static Map<String, Object> subtask(int index, OperatorSubtaskState state) {
        return pairs(
                "index", index,
                "finished", Optionals.isTrue(state, "isFinished"),
                "managedOperatorBytes", state.getManagedOperatorState().getStateSize(),
                "rawOperatorBytes", state.getRawOperatorState().getStateSize(),
                "managedKeyedBytes", state.getManagedKeyedState().getStateSize(),
                "rawKeyedBytes", state.getRawKeyedState().getStateSize(),
                "inputChannelBytes", bytes(state, "getInputChannelState"),
                "resultSubpartitionBytes", bytes(state, "getResultSubpartitionState"));
    }

    private static long bytes(OperatorSubtaskState state, String getter) {
        StateObject collection = (StateObject) Optionals.get(state, getter);
        return collection == null ? 0 : collection.getStateSize();
    }

    /** Since 2.0 names and uids are Optional; before, snapshots hold neither. */
    private static String text(Object optional) {
        if (optional instanceof java.util.Optional) {
            return (String) ((java.util.Optional<?>) optional).orElse(null);
        }
        return (String) optional;
    }

    static Map<String, Object> pairs(Object... keysAndValues) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            map.put((String) keysAndValues[i], keysAndValues[i + 1]);
        }
        return map;
    }
}
