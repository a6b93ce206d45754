package cairn.oracle;

import static cairn.oracle.Json.object;
import static cairn.oracle.Json.text;

import org.apache.flink.runtime.state.OperatorStateHandle;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Handles in the operator position. */
final class OperatorHandles {
    private OperatorHandles() {}

    static Object dump(OperatorStateHandle handle) {
        final Map<String, Object> dump = object("class", handle.getClass().getSimpleName());
        dump.put("states", states(handle));
        if (Call.isA(handle, "state.filemerging.FileMergingOperatorStreamStateHandle")) {
            dump.put("taskOwnedDir", directory(handle, "getTaskOwnedDirHandle"));
            dump.put("sharedDir", directory(handle, "getSharedDirHandle"));
        }
        dump.put("delegate", StreamHandles.dump(handle.getDelegateStateHandle()));
        return dump;
    }

    /** Sorted by UTF-16 units. Flink has them in a hash map, so the order in memory is nobody's. */
    private static List<Object> states(OperatorStateHandle handle) {
        final List<Object> states = new ArrayList<>();
        new TreeMap<>(handle.getStateNameToPartitionOffsets())
                .forEach(
                        (name, info) ->
                                states.add(
                                        object(
                                                "name", text(name),
                                                "mode", info.getDistributionMode().name(),
                                                "offsets", Dump.numbers(info.getOffsets()))));
        return states;
    }

    private static Object directory(OperatorStateHandle handle, String getter) {
        return text(Call.on(Call.on(handle, getter), "getDirectory").toString());
    }
}
