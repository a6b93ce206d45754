package cairn.assign;

import org.apache.flink.runtime.state.filemerging.SegmentFileStateHandle;
import org.apache.flink.runtime.state.StreamStateHandle;
import org.apache.flink.runtime.state.filesystem.FileStateHandle;
import org.apache.flink.runtime.state.filesystem.RelativeFileStateHandle;
import org.apache.flink.runtime.state.memory.ByteStreamStateHandle;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Where bytes are, in a word; and how lists are written. */
final class Streams {
    private Streams() {}

    static String text(StreamStateHandle handle) {
        if (handle instanceof RelativeFileStateHandle) {
            return "./" + ((RelativeFileStateHandle) handle).getRelativePath();
        }
        if (handle instanceof SegmentFileStateHandle) {
            final SegmentFileStateHandle segment = (SegmentFileStateHandle) handle;
            return segment.getFilePath() + "#" + segment.getStartPos() + "+" + segment.getStateSize();
        }
        if (handle instanceof FileStateHandle) {
            return ((FileStateHandle) handle).getFilePath().toString();
        }
        if (handle instanceof ByteStreamStateHandle) {
            return "inline:" + ((ByteStreamStateHandle) handle).getHandleName();
        }
        throw new IllegalStateException("unknown stream " + handle);
    }

    static <T> String join(Collection<? extends T> values, Function<T, String> text) {
        return values.stream().map(text).collect(Collectors.joining(" "));
    }

    /** For what Flink keeps in an order that it does not promise; by bytes, as Go sorts. */
    static <T> String sorted(Collection<? extends T> values, Function<T, String> text) {
        final List<String> all = values.stream().map(text).collect(Collectors.toList());
        all.sort((a, b) -> Arrays.compareUnsigned(utf8(a), utf8(b)));
        return String.join(" ", all);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static String list(long[] numbers) {
        return Arrays.stream(numbers).mapToObj(Long::toString).collect(Collectors.joining(" ", "[", "]"));
    }

    static String list(int[] numbers) {
        return Arrays.stream(numbers).mapToObj(Integer::toString).collect(Collectors.joining(" ", "[", "]"));
    }
}
