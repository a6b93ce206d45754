package cairn.oracle;

import java.util.Map;
import java.util.TreeMap;

/** How often each thing that the format can say was said. A generator that stopped hitting one is no test of it. */
final class Features {
    private final Map<String, Object> counts = new TreeMap<>();

    void count(String feature) {
        counts.merge(feature, 1L, (a, b) -> (Long) a + (Long) b);
    }

    void count(String position, Object handle) {
        count(position + ": " + (handle == null ? "null" : handle.getClass().getSimpleName()));
    }

    Map<String, Object> counts() {
        return counts;
    }
}
