package cairn.oracle;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Finds the handle ids that are not in the file.
 *
 * <p>The tags from before 1.15 carry no handle id, so Flink draws a random one at every read, and keeps no trace of having
 * done so. Reading twice tells: what differs was drawn.
 */
final class MadeUpIds {
    private MadeUpIds() {}

    /** The first reading, with null for each handleId that the second one has differently. */
    @SuppressWarnings("unchecked")
    static Map<String, Object> erase(Map<String, Object> first, Map<String, Object> again) {
        return (Map<String, Object>) merge("", first, again);
    }

    private static Object merge(String key, Object first, Object again) {
        if (first instanceof Map) {
            final Map<String, Object> merged = new LinkedHashMap<>();
            ((Map<?, ?>) first)
                    .forEach((k, value) -> merged.put((String) k, merge((String) k, value, ((Map<?, ?>) again).get(k))));
            return merged;
        }
        if (first instanceof List) {
            final List<Object> merged = new ArrayList<>();
            for (int i = 0; i < ((List<?>) first).size(); i++) {
                merged.add(merge(key, ((List<?>) first).get(i), ((List<?>) again).get(i)));
            }
            return merged;
        }
        if (Objects.equals(first, again)) {
            return first;
        }
        if (key.equals("handleId")) {
            return null;
        }
        throw new IllegalStateException("two readings of one file differ in " + key + ": " + first + ", " + again);
    }
}
