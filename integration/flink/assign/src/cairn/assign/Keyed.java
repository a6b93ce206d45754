package cairn.assign;

import static cairn.assign.Streams.join;
import static cairn.assign.Streams.list;

import org.apache.flink.runtime.state.IncrementalKeyedStateHandle.HandleAndLocalPath;
import org.apache.flink.runtime.state.IncrementalRemoteKeyedStateHandle;
import org.apache.flink.runtime.state.KeyGroupsSavepointStateHandle;
import org.apache.flink.runtime.state.KeyGroupsStateHandle;
import org.apache.flink.runtime.state.KeyedStateHandle;
import org.apache.flink.runtime.state.changelog.ChangelogStateBackendHandle;
import org.apache.flink.runtime.state.changelog.ChangelogStateHandleStreamImpl;
import org.apache.flink.runtime.state.changelog.inmemory.InMemoryChangelogStateHandle;

import java.util.Collection;
import java.util.stream.StreamSupport;

/** Keyed state in a word. Ids of handles are left out: Flink draws new ones where it cuts. */
final class Keyed {
    private Keyed() {}

    static String all(Collection<? extends KeyedStateHandle> handles) {
        return join(handles, Keyed::text);
    }

    private static String text(KeyedStateHandle handle) {
        final String range =
                "[" + handle.getKeyGroupRange().getStartKeyGroup() + "," + handle.getKeyGroupRange().getEndKeyGroup() + "]";
        if (handle instanceof KeyGroupsStateHandle) {
            return full((KeyGroupsStateHandle) handle, range);
        }
        if (handle instanceof IncrementalRemoteKeyedStateHandle) {
            return incremental((IncrementalRemoteKeyedStateHandle) handle, range);
        }
        if (handle instanceof ChangelogStateBackendHandle) {
            final ChangelogStateBackendHandle log = (ChangelogStateBackendHandle) handle;
            return "changelog" + range + log.getCheckpointId() + "/" + log.getMaterializationID()
                    + "{" + all(log.getMaterializedStateHandles()) + "|" + all(log.getNonMaterializedStateHandles()) + "}";
        }
        if (handle instanceof InMemoryChangelogStateHandle) {
            final InMemoryChangelogStateHandle log = (InMemoryChangelogStateHandle) handle;
            return "memory" + range + "{" + join(log.getChanges(), change -> String.valueOf(change.getKeyGroup())) + "}";
        }
        if (handle instanceof ChangelogStateHandleStreamImpl) {
            final ChangelogStateHandleStreamImpl log = (ChangelogStateHandleStreamImpl) handle;
            return "log" + range + log.getStateSize() + "/" + log.getStorageIdentifier()
                    + "{" + join(log.getHandlesAndOffsets(), part -> part.f1 + "@" + Streams.text(part.f0)) + "}";
        }
        throw new IllegalStateException("unknown keyed state " + handle);
    }

    private static String full(KeyGroupsStateHandle handle, String range) {
        final long[] offsets =
                StreamSupport.stream(handle.getGroupRangeOffsets().spliterator(), false)
                        .mapToLong(offset -> offset.f1)
                        .toArray();
        final String kind = handle instanceof KeyGroupsSavepointStateHandle ? "savepoint" : "full";
        return kind + range + list(offsets) + "@" + Streams.text(handle.getDelegateStateHandle());
    }

    private static String incremental(IncrementalRemoteKeyedStateHandle handle, String range) {
        return "incremental" + range + handle.getCheckpointId() + "@" + Streams.text(handle.getMetaDataStateHandle())
                + "{" + files(handle.getSharedState()) + "|" + files(handle.getPrivateState()) + "}";
    }

    private static String files(Collection<HandleAndLocalPath> files) {
        return join(files, file -> file.getLocalPath() + "=" + Streams.text(file.getHandle()));
    }
}
