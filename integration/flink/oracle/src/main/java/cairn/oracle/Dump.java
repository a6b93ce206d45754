package cairn.oracle;

import static cairn.oracle.Json.object;
import static cairn.oracle.Json.text;

import org.apache.flink.runtime.checkpoint.MasterState;
import org.apache.flink.runtime.checkpoint.OperatorState;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.checkpoint.metadata.CheckpointMetadata;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/** What Flink understood, as a tree in the schema of the README. */
final class Dump {
    private Dump() {}

    /** One file. A file that Flink refuses gives a document with the error, because refusing is an answer too. */
    static Map<String, Object> file(Path file) {
        try {
            final Map<String, Object> first = metadata(Metadata.load(file));
            final Map<String, Object> again = metadata(Metadata.load(file));
            final Map<String, Object> document = object("version", Metadata.version(file));
            document.putAll(MadeUpIds.erase(first, again));
            return document;
        } catch (Exception e) {
            return object("error", e.toString());
        }
    }

    private static Map<String, Object> metadata(CheckpointMetadata metadata) {
        return object(
                "checkpointId", metadata.getCheckpointId(),
                "masterStates", list(metadata.getMasterStates(), Dump::masterState),
                "operators", list(metadata.getOperatorStates(), Dump::operator),
                "properties", Properties.dump(metadata));
    }

    private static Object masterState(MasterState state) {
        return object(
                "name", text(state.name()), "version", state.version(), "bytes", Json.bytes(state.bytes()));
    }

    private static Object operator(OperatorState state) {
        return object(
                "name", text(named(state, "getOperatorName")),
                "uid", text(named(state, "getOperatorUid")),
                "id", state.getOperatorID().toHexString(),
                "parallelism", state.getParallelism(),
                "maxParallelism", state.getMaxParallelism(),
                "fullyFinished", flag(state, "isFullyFinished"),
                "coordinator", StreamHandles.dump(state.getCoordinatorState()),
                "subtasks", subtasks(state));
    }

    /** Names came with 2.0; an older Flink has none to tell. */
    private static String named(OperatorState state, String getter) {
        return Call.has(OperatorState.class, getter)
                ? (String) ((Optional<?>) Call.on(state, getter)).orElse(null)
                : null;
    }

    /** Finished operators and subtasks came with 1.14. */
    private static boolean flag(Object object, String getter) {
        return Call.has(object.getClass(), getter) && (boolean) Call.on(object, getter);
    }

    private static List<Object> subtasks(OperatorState state) {
        final List<Object> subtasks = new ArrayList<>();
        new TreeMap<>(state.getSubtaskStates())
                .forEach((index, subtask) -> subtasks.add(subtask(index, subtask)));
        return subtasks;
    }

    private static Object subtask(int index, OperatorSubtaskState state) {
        return object(
                "index", index,
                "finished", flag(state, "isFinished"),
                "managedOperatorState", single(state.getManagedOperatorState(), OperatorHandles::dump),
                "rawOperatorState", single(state.getRawOperatorState(), OperatorHandles::dump),
                "managedKeyedState", single(state.getManagedKeyedState(), KeyedHandles::dump),
                "rawKeyedState", single(state.getRawKeyedState(), KeyedHandles::dump),
                "inputChannelState", list(channels(state, "getInputChannelState"), ChannelHandles::dump),
                "resultSubpartitionState", list(channels(state, "getResultSubpartitionState"), ChannelHandles::dump));
    }

    /** The element type of these collections changed in 2.1, and with it the signature of the getter. */
    private static Collection<?> channels(OperatorSubtaskState state, String getter) {
        return (Collection<?>) Call.on(state, getter);
    }

    /** A collection in memory, but the format has room for one. */
    private static <T> Object single(Collection<T> states, Function<T, Object> dump) {
        if (states.size() > 1) {
            throw new IllegalStateException("more than one state handle where the format has one");
        }
        return states.isEmpty() ? null : dump.apply(states.iterator().next());
    }

    static <T> List<Object> list(Collection<? extends T> values, Function<T, Object> dump) {
        final List<Object> list = new ArrayList<>(values.size());
        for (T value : values) {
            list.add(dump.apply(value));
        }
        return list;
    }

    static List<Object> numbers(long[] values) {
        final List<Object> list = new ArrayList<>(values.length);
        for (long value : values) {
            list.add(value);
        }
        return list;
    }
}
