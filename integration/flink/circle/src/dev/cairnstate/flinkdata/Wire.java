package dev.cairnstate.flinkdata;

import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.core.JsonProcessingException;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.ObjectMapper;
import org.apache.flink.util.StringUtils;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** Lines of JSON that many threads send. */
final class Wire {
    private final ObjectMapper json = new ObjectMapper();
    private final PrintStream out;

    Wire(PrintStream out) {
        this.out = out;
    }

    synchronized void send(Object... pairs) {
        try {
            final byte[] line = (json.writeValueAsString(SnapshotReport.pairs(pairs)) + "\n").getBytes(StandardCharsets.UTF_8);
            out.write(line, 0, line.length);
            out.flush();
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }

    /** @param bytes may be null, which then comes out */
    static String hex(byte[] bytes) {
        return bytes == null ? null : StringUtils.byteToHexString(bytes);
    }

    static byte[] bytes(String hex) {
        return StringUtils.hexStringToByte(hex);
    }
}
