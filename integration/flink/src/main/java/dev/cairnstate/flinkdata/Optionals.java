package dev.cairnstate.flinkdata;

import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;

/** Getters that only some releases have, and fields without a public getter. */
final class Optionals {
    private Optionals() {}

    /** Calls a public getter; null if the object is null or its class has no such getter. */
    static Object get(Object object, String getter) {
        if (object == null) {
            return null;
        }
        try {
            return object.getClass().getMethod(getter).invoke(object);
        } catch (NoSuchMethodException absent) {
            return null;
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new IllegalStateException(getter + " of " + object.getClass(), e);
        }
    }

    /** Reads a field, private or not, that must exist. */
    static Object field(Object object, String name) {
        try {
            Field field = object.getClass().getDeclaredField(name);
            field.setAccessible(true);
            return field.get(object);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(name + " of " + object.getClass(), e);
        }
    }

    static boolean isTrue(Object object, String getter) {
        return Boolean.TRUE.equals(get(object, getter));
    }
}
