package cairn.oracle;

import static cairn.oracle.Json.object;

import org.apache.flink.runtime.checkpoint.channel.InputChannelInfo;
import org.apache.flink.runtime.checkpoint.channel.ResultSubpartitionInfo;
import org.apache.flink.runtime.state.AbstractChannelStateHandle;
import org.apache.flink.runtime.state.StreamStateHandle;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Map;

/** Channel state of unaligned checkpoints. */
final class ChannelHandles {
    private ChannelHandles() {}

    static Object dump(Object handle) {
        final Map<String, Object> dump = object("class", handle.getClass().getSimpleName());
        if (handle instanceof AbstractChannelStateHandle) {
            plain((AbstractChannelStateHandle<?>) handle, dump);
        } else {
            merged(handle, dump);
        }
        return dump;
    }

    private static void plain(AbstractChannelStateHandle<?> handle, Map<String, Object> dump) {
        // 1.11 did not store whose channel it was; rescaling unaligned checkpoints came later.
        if (Call.has(handle.getClass(), "getSubtaskIndex")) {
            dump.put("subtaskIndex", Call.on(handle, "getSubtaskIndex"));
        }
        dump.putAll((Map<String, Object>) channel(handle));
        dump.put("delegate", StreamHandles.dump(handle.getDelegate()));
    }

    private static Map<String, Object> channel(AbstractChannelStateHandle<?> handle) {
        return object(
                "info", info(handle.getInfo()),
                "offsets", new ArrayList<Object>(handle.getOffsets()),
                "size", handle.getStateSize());
    }

    private static void merged(Object handle, Map<String, Object> dump) {
        dump.put("subtaskIndex", Call.on(handle, "getSubtaskIndex"));
        dump.put("size", Call.on(handle, "getStateSize"));
        dump.put("channelOffsets", Json.bytes((byte[]) Call.on(handle, "getSerializedChannelOffsets")));
        dump.put(
                "channels",
                Dump.list(
                        (Collection<?>) Call.on(handle, "getUnmergedHandles"),
                        part -> channel((AbstractChannelStateHandle<?>) part)));
        dump.put("delegate", StreamHandles.dump((StreamStateHandle) Call.on(handle, "getDelegate")));
    }

    private static Object info(Object info) {
        if (info instanceof InputChannelInfo) {
            final InputChannelInfo channel = (InputChannelInfo) info;
            return Arrays.<Object>asList(channel.getGateIdx(), channel.getInputChannelIdx());
        }
        final ResultSubpartitionInfo subpartition = (ResultSubpartitionInfo) info;
        return Arrays.<Object>asList(subpartition.getPartitionIdx(), subpartition.getSubPartitionIdx());
    }
}
