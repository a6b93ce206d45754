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

    /** Reads a field, of what it holds another, and so on, each declared by the class of its object or one above that. */
    static Object follow(Object object, String... names) {
        for (String name : names) {
            object = get(declaring(object.getClass(), name), object, name);
        }
        return object;
    }

    private static Class<?> declaring(Class<?> type, String name) {
        for (Class<?> at = type; at != null; at = at.getSuperclass()) {
            for (Field field : at.getDeclaredFields()) {
                if (field.getName().equals(name)) {
                    return at;
                }
            }
        }
        return type;
    }
}
