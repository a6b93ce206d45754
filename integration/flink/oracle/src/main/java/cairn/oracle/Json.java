package cairn.oracle;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The little JSON that a dump needs, from maps, lists, strings, numbers, booleans and null. */
final class Json {
    private static final char[] HEX = "0123456789abcdef".toCharArray();

    /** Payloads up to this length are shown; longer ones are named by their digest. */
    private static final int SHOWN_BYTES = 64;

    private Json() {}

    /** A map that keeps the order in which it was filled: key, value, key, value. */
    static Map<String, Object> object(Object... pairs) {
        final Map<String, Object> object = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            object.put((String) pairs[i], pairs[i + 1]);
        }
        return object;
    }

    static String bytes(byte[] bytes) {
        if (bytes.length <= SHOWN_BYTES) {
            return "hex:" + hex(bytes);
        }
        try {
            return "sha256:" + hex(MessageDigest.getInstance("SHA-256").digest(bytes)) + "/" + bytes.length;
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * A string as it is, or {"utf16": hex} if it holds half a surrogate pair: Java has such strings, JSON has them only by
     * accident, and readers silently replace them.
     */
    static Object text(String string) {
        if (string == null || StandardCharsets.UTF_16BE.newEncoder().canEncode(string)) {
            return string;
        }
        final byte[] units = new byte[2 * string.length()];
        for (int i = 0; i < string.length(); i++) {
            units[2 * i] = (byte) (string.charAt(i) >> 8);
            units[2 * i + 1] = (byte) string.charAt(i);
        }
        return object("utf16", hex(units));
    }

    static String print(Object value) {
        final StringBuilder out = new StringBuilder();
        print(value, out);
        return out.toString();
    }

    private static void print(Object value, StringBuilder out) {
        if (value instanceof Map) {
            String separator = "{";
            for (Map.Entry<?, ?> entry : ((Map<?, ?>) value).entrySet()) {
                out.append(separator);
                quote((String) entry.getKey(), out);
                out.append(':');
                print(entry.getValue(), out);
                separator = ",";
            }
            out.append(separator.equals("{") ? "{}" : "}");
        } else if (value instanceof List) {
            String separator = "[";
            for (Object element : (List<?>) value) {
                out.append(separator);
                print(element, out);
                separator = ",";
            }
            out.append(separator.equals("[") ? "[]" : "]");
        } else if (value instanceof String) {
            quote((String) value, out);
        } else {
            out.append(value);
        }
    }

    private static void quote(String string, StringBuilder out) {
        out.append('"');
        for (int i = 0; i < string.length(); i++) {
            final char c = string.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c < 0x20 || c > 0x7e) {
                out.append("\\u").append(HEX[c >> 12]).append(HEX[c >> 8 & 15]).append(HEX[c >> 4 & 15]).append(HEX[c & 15]);
            } else {
                out.append(c);
            }
        }
        out.append('"');
    }

    private static String hex(byte[] bytes) {
        final StringBuilder out = new StringBuilder(2 * bytes.length);
        for (byte b : bytes) {
            out.append(HEX[b >> 4 & 15]).append(HEX[b & 15]);
        }
        return out.toString();
    }
}
