package cairn.oracle;

import static cairn.oracle.Json.object;
import static cairn.oracle.Json.text;

import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.runtime.state.IncrementalRemoteKeyedStateHandle;
import org.apache.flink.runtime.state.KeyGroupRange;
import org.apache.flink.runtime.state.KeyGroupsStateHandle;
import org.apache.flink.runtime.state.KeyedStateHandle;
import org.apache.flink.runtime.state.StreamStateHandle;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** Handles in the keyed position. */
final class KeyedHandles {
    private KeyedHandles() {}

    static Object dump(KeyedStateHandle handle) {
        final Map<String, Object> dump = object("class", handle.getClass().getSimpleName());
        if (handle instanceof KeyGroupsStateHandle) {
            keyGroups((KeyGroupsStateHandle) handle, dump);
            id(handle, dump);
        } else if (handle instanceof IncrementalRemoteKeyedStateHandle) {
            incremental((IncrementalRemoteKeyedStateHandle) handle, dump);
        } else if (Call.isA(handle, "state.changelog.ChangelogStateBackendHandle")) {
            changelog(handle, dump);
        } else if (Call.isA(handle, "state.changelog.inmemory.InMemoryChangelogStateHandle")) {
            inMemory(handle, dump);
        } else if (Call.isA(handle, "state.changelog.ChangelogStateHandleStreamImpl")) {
            stream(handle, dump);
        } else {
            throw new IllegalStateException("a keyed handle that the oracle does not know: " + handle.getClass());
        }
        return dump;
    }

    static void keyGroups(KeyGroupsStateHandle handle, Map<String, Object> dump) {
        final List<Object> offsets = new ArrayList<>();
        for (Tuple2<Integer, Long> offset : handle.getGroupRangeOffsets()) {
            offsets.add(offset.f1);
        }
        dump.put("keyGroups", range(handle.getKeyGroupRange()));
        dump.put("offsets", offsets);
        dump.put("delegate", StreamHandles.dump(handle.getDelegateStateHandle()));
    }

    private static void incremental(IncrementalRemoteKeyedStateHandle handle, Map<String, Object> dump) {
        dump.put("checkpointId", handle.getCheckpointId());
        dump.put("backendId", handle.getBackendIdentifier().toString());
        dump.put("keyGroups", range(handle.getKeyGroupRange()));
        ifKnown(handle, "getCheckpointedSize", "checkpointedSize", dump);
        dump.put("meta", StreamHandles.dump((StreamStateHandle) Call.on(handle, metaGetter(handle))));
        dump.put("shared", files(Call.on(handle, "getSharedState")));
        dump.put("private", files(Call.on(handle, "getPrivateState")));
        id(handle, dump);
    }

    private static String metaGetter(IncrementalRemoteKeyedStateHandle handle) {
        return Call.has(handle.getClass(), "getMetaDataStateHandle") ? "getMetaDataStateHandle" : "getMetaStateHandle";
    }

    /** A list since 1.16, a map from state handle id to handle before that. */
    private static List<Object> files(Object files) {
        if (files instanceof Map) {
            return Dump.list(
                    ((Map<?, ?>) files).entrySet(),
                    (Map.Entry<?, ?> file) -> file(file.getKey().toString(), file.getValue()));
        }
        return Dump.list(
                (Collection<?>) files,
                file -> file((String) Call.on(file, "getLocalPath"), Call.on(file, "getHandle")));
    }

    private static Object file(String localPath, Object handle) {
        return object("localPath", text(localPath), "handle", StreamHandles.dump((StreamStateHandle) handle));
    }

    private static void changelog(KeyedStateHandle handle, Map<String, Object> dump) {
        dump.put("keyGroups", range(handle.getKeyGroupRange()));
        ifKnown(handle, "getCheckpointedSize", "checkpointedSize", dump);
        dump.put("materialized", handles(handle, "getMaterializedStateHandles"));
        dump.put("nonMaterialized", handles(handle, "getNonMaterializedStateHandles"));
        ifKnown(handle, "getMaterializationID", "materializationId", dump);
        ifKnown(handle, "getCheckpointId", "checkpointId", dump);
        id(handle, dump);
    }

    private static List<Object> handles(KeyedStateHandle handle, String getter) {
        return Dump.list((Collection<?>) Call.on(handle, getter), part -> dump((KeyedStateHandle) part));
    }

    private static void inMemory(KeyedStateHandle handle, Map<String, Object> dump) {
        dump.put("keyGroups", range(handle.getKeyGroupRange()));
        dump.put("from", Call.on(handle, "getFrom"));
        dump.put("to", Call.on(handle, "getTo"));
        dump.put("changes", Dump.list((Collection<?>) Call.on(handle, "getChanges"), KeyedHandles::change));
        id(handle, dump);
    }

    private static Object change(Object change) {
        return object(
                "keyGroup", Call.on(change, "getKeyGroup"), "bytes", Json.bytes((byte[]) Call.on(change, "getChange")));
    }

    private static void stream(KeyedStateHandle handle, Map<String, Object> dump) {
        dump.put("keyGroups", range(handle.getKeyGroupRange()));
        dump.put("parts", Dump.list((Collection<?>) Call.on(handle, "getHandlesAndOffsets"), KeyedHandles::part));
        dump.put("size", handle.getStateSize());
        ifKnown(handle, "getCheckpointedSize", "checkpointedSize", dump);
        ifKnown(handle, "getStorageIdentifier", "storageIdentifier", dump);
        id(handle, dump);
    }

    private static Object part(Object part) {
        final Tuple2<?, ?> tuple = (Tuple2<?, ?>) part;
        return object("offset", tuple.f1, "handle", StreamHandles.dump((StreamStateHandle) tuple.f0));
    }

    /** Handle ids came with 1.15, except for canonical savepoints, which store none to this day. */
    private static void id(KeyedStateHandle handle, Map<String, Object> dump) {
        if (Call.has(handle.getClass(), "getStateHandleId")) {
            dump.put("handleId", text(Call.on(handle, "getStateHandleId").toString()));
        }
    }

    /** A field that this release may not have is left out, rather than answered with a guess. */
    private static void ifKnown(Object object, String getter, String key, Map<String, Object> dump) {
        if (Call.has(object.getClass(), getter)) {
            final Object value = Call.on(object, getter);
            dump.put(key, value instanceof String ? text((String) value) : value);
        }
    }

    /** Start and count, as the file has it. Flink moves every empty range to zero. */
    private static Object range(KeyGroupRange range) {
        return object("start", range.getStartKeyGroup(), "count", range.getNumberOfKeyGroups());
    }
}
