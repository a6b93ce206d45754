package cairn.oracle;

import static cairn.oracle.Json.object;
import static cairn.oracle.Json.text;

import org.apache.flink.runtime.state.KeyGroupsStateHandle;
import org.apache.flink.runtime.state.StreamStateHandle;
import org.apache.flink.runtime.state.filesystem.FileStateHandle;
import org.apache.flink.runtime.state.filesystem.RelativeFileStateHandle;
import org.apache.flink.runtime.state.memory.ByteStreamStateHandle;

import java.util.Map;

/** Handles in the stream position: what the others delegate to. */
final class StreamHandles {
    private StreamHandles() {}

    static Object dump(StreamStateHandle handle) {
        if (handle == null) {
            return null;
        }
        final Map<String, Object> dump = object("class", handle.getClass().getSimpleName());
        if (handle instanceof RelativeFileStateHandle) {
            // The absolute path depends on where the file lies today.
            dump.put("path", text(((RelativeFileStateHandle) handle).getRelativePath()));
            dump.put("size", handle.getStateSize());
        } else if (handle instanceof FileStateHandle) {
            dump.put("path", text(((FileStateHandle) handle).getFilePath().toString()));
            dump.put("size", handle.getStateSize());
        } else if (handle instanceof ByteStreamStateHandle) {
            dump.put("name", text(((ByteStreamStateHandle) handle).getHandleName()));
            dump.put("bytes", Json.bytes(((ByteStreamStateHandle) handle).getData()));
        } else if (handle instanceof KeyGroupsStateHandle) {
            // The handle id is left out: this position never stores one.
            KeyedHandles.keyGroups((KeyGroupsStateHandle) handle, dump);
        } else if (Call.isA(handle, "state.filemerging.SegmentFileStateHandle")) {
            segment(handle, dump);
        } else {
            throw new IllegalStateException("a stream handle that the oracle does not know: " + handle.getClass());
        }
        return dump;
    }

    private static void segment(StreamStateHandle handle, Map<String, Object> dump) {
        dump.put("path", text(Call.on(handle, "getFilePath").toString()));
        dump.put("start", Call.on(handle, "getStartPos"));
        dump.put("size", handle.getStateSize());
        dump.put("scope", Call.on(handle, "getScope").toString());
        dump.put("logicalFileId", text((String) Call.on(Call.on(handle, "getLogicalFileId"), "getKeyString")));
    }
}
