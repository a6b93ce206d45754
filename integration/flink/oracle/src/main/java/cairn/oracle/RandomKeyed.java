package cairn.oracle;

import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.runtime.state.KeyGroupRange;
import org.apache.flink.runtime.state.KeyGroupRangeOffsets;
import org.apache.flink.runtime.state.KeyGroupsStateHandle;
import org.apache.flink.runtime.state.KeyedStateHandle;
import org.apache.flink.runtime.state.StateHandleID;
import org.apache.flink.runtime.state.StreamStateHandle;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;

/** Random handles in the keyed position. */
final class RandomKeyed {
    private static final String INCREMENTAL = "state.IncrementalRemoteKeyedStateHandle";
    private static final String SAVEPOINT = "state.KeyGroupsSavepointStateHandle";
    private static final String LOCAL_PATH = "state.IncrementalKeyedStateHandle$HandleAndLocalPath";
    private static final String CHANGELOG =
            "state.changelog.ChangelogStateBackendHandle$ChangelogStateBackendHandleImpl";
    private static final String CHANGELOG_STREAM = "state.changelog.ChangelogStateHandleStreamImpl";
    private static final String CHANGELOG_MEMORY = "state.changelog.inmemory.InMemoryChangelogStateHandle";
    private static final String CHANGE = "state.changelog.StateChange";
    private static final String SEQUENCE = "state.changelog.SequenceNumber";

    private final Dice dice;
    private final Features features;
    private final RandomStreams streams;
    private final List<Supplier<Object>> kinds = new ArrayList<>();

    RandomKeyed(Dice dice, Features features, RandomStreams streams) {
        this.dice = dice;
        this.features = features;
        this.streams = streams;
        kinds.add(this::keyGroups);
        kinds.add(this::incremental);
        kinds.add(this::incremental);
        if (Call.exists(SAVEPOINT)) {
            kinds.add(() -> Call.make(SAVEPOINT, offsets(dice), streams.next("savepoint key groups")));
        }
        if (Call.exists(CHANGELOG)) {
            kinds.add(this::changelog);
            kinds.add(this::changelogStream);
            kinds.add(this::changelogMemory);
        }
    }

    KeyedStateHandle next(String position) {
        return drawn(position, kinds.get(dice.random.nextInt(kinds.size())).get());
    }

    private KeyedStateHandle drawn(String position, Object handle) {
        features.count(position, handle);
        return (KeyedStateHandle) handle;
    }

    private Object keyGroups() {
        final KeyGroupRangeOffsets offsets = offsets(dice);
        final StreamStateHandle delegate = streams.next("key groups");
        return restores("state.KeyGroupsStateHandle")
                ? Call.of("state.KeyGroupsStateHandle", "restore", offsets, delegate, id())
                : new KeyGroupsStateHandle(offsets, delegate);
    }

    private Object incremental() {
        final UUID backend = new UUID(dice.random.nextLong(), dice.random.nextLong());
        final KeyGroupRange range = range(dice);
        final long checkpoint = dice.anyLong();
        final Object shared = files("incremental shared", ".sst");
        final Object exclusive = files("incremental private", "");
        final StreamStateHandle meta = streams.next("incremental meta");
        return restores(INCREMENTAL)
                ? Call.of(INCREMENTAL, "restore", backend, range, checkpoint, shared, exclusive, meta, dice.size(), id())
                : Call.make(INCREMENTAL, backend, range, checkpoint, shared, exclusive, meta);
    }

    private Object files(String position, String suffix) {
        final List<Object> list = new ArrayList<>();
        final Map<StateHandleID, StreamStateHandle> map = new LinkedHashMap<>();
        for (int i = dice.upTo(dice.chance(0.1) ? 30 : 4); i > 0; i--) {
            final String name = dice.chance(0.1) ? dice.text() : String.format("%06d%s", dice.upTo(999999), suffix);
            final StreamStateHandle handle = streams.next(position);
            map.put(new StateHandleID(name), handle);
            if (Call.exists(LOCAL_PATH)) {
                list.add(Call.of(LOCAL_PATH, "of", handle, name));
            }
        }
        return Call.exists(LOCAL_PATH) ? list : map;
    }

    private Object changelog() {
        final List<KeyedStateHandle> materialized = new ArrayList<>();
        for (int i = dice.upTo(2); i > 0; i--) {
            final Object part = dice.chance(0.5) ? keyGroups() : incremental();
            materialized.add(drawn("materialized", part));
        }
        final List<KeyedStateHandle> changes = new ArrayList<>();
        for (int i = dice.upTo(3); i > 0; i--) {
            changes.add(drawn("non-materialized", dice.chance(0.5) ? changelogStream() : changelogMemory()));
        }
        KeyGroupRange range = range(dice);
        while (range.getNumberOfKeyGroups() == 0) {
            range = range(dice);
        }
        if (!restores(CHANGELOG)) {
            return Call.make(CHANGELOG, materialized, changes, range);
        }
        return knowsCheckpoint()
                ? Call.of(CHANGELOG, "restore", materialized, changes, range, dice.anyLong(), dice.anyLong(), dice.size(), id())
                : Call.of(CHANGELOG, "restore", materialized, changes, range, dice.anyLong(), dice.size(), id());
    }

    /** The changelog of 1.14 was a preview: without sizes and ids, in a layout that no other Flink reads. */
    private static boolean restores(String type) {
        return Call.has(Call.find(type), "restore");
    }

    /** Since 1.16 a changelog handle knows its checkpoint, and a changelog stream the storage that it lies in. */
    private static boolean knowsCheckpoint() {
        return Call.has(Call.find(CHANGELOG), "getCheckpointId");
    }

    private Object changelogStream() {
        final List<Tuple2<StreamStateHandle, Long>> parts = new ArrayList<>();
        for (int i = dice.upTo(3); i > 0; i--) {
            parts.add(Tuple2.of(streams.next("changelog part"), dice.anyLong()));
        }
        final long size = dice.anyLong();
        if (!restores(CHANGELOG_STREAM)) {
            return Call.make(CHANGELOG_STREAM, parts, range(dice), size);
        }
        final long added = dice.anyLong();
        return knowsCheckpoint()
                ? Call.of(CHANGELOG_STREAM, "restore", parts, range(dice), size, added, dice.text(), id())
                : Call.of(CHANGELOG_STREAM, "restore", parts, range(dice), size, added, id());
    }

    private Object changelogMemory() {
        final List<Object> changes = new ArrayList<>();
        for (int i = dice.upTo(4); i > 0; i--) {
            changes.add(change());
        }
        final Object from = Call.of(SEQUENCE, "of", dice.naturalLong());
        final Object to = Call.of(SEQUENCE, "of", dice.naturalLong());
        return restores(CHANGELOG_MEMORY)
                ? Call.of(CHANGELOG_MEMORY, "restore", changes, from, to, range(dice), id())
                : Call.make(CHANGELOG_MEMORY, changes, from, to, range(dice));
    }

    private Object change() {
        final boolean metadata = dice.chance(0.3);
        features.count(metadata ? "change: metadata" : "change: data");
        if (!Call.has(Call.find(CHANGE), "ofDataChange")) {
            return Call.make(CHANGE, metadata ? -1 : dice.naturalInt(), dice.bytes());
        }
        return metadata
                ? Call.of(CHANGE, "ofMetadataChange", (Object) dice.bytes())
                : Call.of(CHANGE, "ofDataChange", dice.naturalInt(), dice.bytes());
    }

    private StateHandleID id() {
        return new StateHandleID(dice.text());
    }

    static KeyGroupRangeOffsets offsets(Dice dice) {
        final KeyGroupRange range = range(dice);
        return new KeyGroupRangeOffsets(range, dice.longs(range.getNumberOfKeyGroups()));
    }

    static KeyGroupRange range(Dice dice) {
        if (dice.chance(0.05)) {
            return KeyGroupRange.EMPTY_KEY_GROUP_RANGE;
        }
        if (dice.chance(0.05)) {
            return KeyGroupRange.of(Integer.MAX_VALUE - 1, Integer.MAX_VALUE);
        }
        final int start = dice.upTo(32767);
        return KeyGroupRange.of(start, start + dice.upTo(dice.chance(0.1) ? 128 : 8));
    }
}
