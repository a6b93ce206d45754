package cairn.assign;

import java.lang.reflect.Field;

/**
 * Objects of Flink without their constructors. An ExecutionJobVertex wants a scheduler, a blob server and an RPC timeout
 * before it exists; state assignment looks at five of its fields. Mocks would answer for Flink; these answer with its code.
 */
public final class Bare {
    private static final sun.misc.Unsafe UNSAFE = unsafe();

    private Bare() {}

    static <T> T make(Class<T> type) {
        try {
            return type.cast(UNSAFE.allocateInstance(type));
        } catch (InstantiationException e) {
            throw new LinkageError("no bare " + type, e);
        }
    }

    /** Sets a field that {@code type} declares, be it final. */
    public static void set(Class<?> type, Object object, String field, Object value) {
        UNSAFE.putObject(object, UNSAFE.objectFieldOffset(declared(type, field)), value);
    }

    static Object get(Class<?> type, Object object, String field) {
        return UNSAFE.getObject(object, UNSAFE.objectFieldOffset(declared(type, field)));
    }

    static int getInt(Class<?> type, Object object, String field) {
        return UNSAFE.getInt(object, UNSAFE.objectFieldOffset(declared(type, field)));
    }

    private static Field declared(Class<?> type, String field) {
        try {
            return type.getDeclaredField(field);
        } catch (NoSuchFieldException e) {
            throw new LinkageError("this Flink's " + type + " has no " + field, e);
        }
    }

    private static sun.misc.Unsafe unsafe() {
        try {
            final Field only = sun.misc.Unsafe.class.getDeclaredField("theUnsafe");
            only.setAccessible(true);
            return (sun.misc.Unsafe) only.get(null);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("no Unsafe in this JVM", e);
        }
    }
}
