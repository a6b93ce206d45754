package dev.cairnstate.flinkdata;

import java.util.Collection;
import java.util.Map;

/** Answers whether a snapshot holds what its case was made for. */
final class Facts {
    private final Map<String, Object> snapshot;

    Facts(Map<String, Object> snapshot) {
        this.snapshot = snapshot;
    }

    /** @param fact a handle class, or a field that is true or not zero somewhere */
    boolean has(String fact) {
        return ((Map<?, ?>) snapshot.get("handles")).containsKey(fact)
                || holds(snapshot.get("operators"), fact);
    }

    private static boolean holds(Object value, String field) {
        if (value instanceof Collection) {
            return ((Collection<?>) value).stream().anyMatch(element -> holds(element, field));
        }
        if (!(value instanceof Map)) {
            return false;
        }
        Object found = ((Map<?, ?>) value).get(field);
        return Boolean.TRUE.equals(found)
                || found instanceof Number && ((Number) found).longValue() > 0
                || holds(((Map<?, ?>) value).values(), field);
    }
}
