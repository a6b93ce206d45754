package dev.cairnstate.flinkdata;

import java.lang.reflect.Field;

/** Fields of Flink that it shows nobody. */
final class Fields {
    private Fields() {}

    /** Reads a field that {@code type} declares. */
    static Object get(Class<?> type, Object object, String name) {
        try {
            final Field field = type.getDeclaredField(name);
            field.setAccessible(true);
            return field.get(object);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("this Flink's " + type + " has no " + name, e);
        }
    }
}
