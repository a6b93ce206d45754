package cairn.jobgraph;

import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.FallbackKey;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.StateRecoveryOptions;

import java.lang.reflect.Field;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The options of Flink that are about checkpoints, by key. */
final class Options {
    private Options() {}

    static Map<String, Object> all() {
        final Map<String, Object> all = new TreeMap<>();
        for (Class<?> owner : new Class<?>[] {CheckpointingOptions.class, StateRecoveryOptions.class}) {
            for (Field field : owner.getFields()) {
                if (field.getType() == ConfigOption.class) {
                    add(all, field);
                }
            }
        }
        return all;
    }

    private static void add(Map<String, Object> all, Field field) {
        final ConfigOption<?> option;
        try {
            option = (ConfigOption<?>) field.get(null);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
        final List<String> former = new ArrayList<>();
        for (FallbackKey key : option.fallbackKeys()) {
            former.add(key.getKey());
        }
        final Map<String, Object> told = new LinkedHashMap<>();
        told.put("default", text(option.defaultValue()));
        told.put("former", former);
        all.put(option.key(), told);
    }

    /** Durations in milliseconds and sizes in bytes: how they are written is not what is compared. */
    private static String text(Object value) {
        if (value instanceof Duration) {
            return String.valueOf(((Duration) value).toMillis());
        }
        if (value instanceof MemorySize) {
            return String.valueOf(((MemorySize) value).getBytes());
        }
        return value == null ? "none" : value.toString();
    }
}
