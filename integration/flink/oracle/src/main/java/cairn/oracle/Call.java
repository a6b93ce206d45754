package cairn.oracle;

import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Map;

/**
 * Calls by name, for the parts of Flink that differ between releases.
 *
 * <p>Most of what is called here is not public API either way: Flink promises the format to its users, not the classes.
 */
final class Call {
    private static final String RUNTIME = "org.apache.flink.runtime.";

    private static final Map<Class<?>, Class<?>> BOXES =
            Map.of(int.class, Integer.class, long.class, Long.class, boolean.class, Boolean.class);

    private Call() {}

    /** The class of that name below {@code org.apache.flink.runtime}, or null in a release without it. */
    static Class<?> find(String name) {
        try {
            return Class.forName(name.startsWith("org.") ? name : RUNTIME + name);
        } catch (ClassNotFoundException e) {
            return null;
        }
    }

    static boolean exists(String name) {
        return find(name) != null;
    }

    /** Whether the object is of that class, which this release may not have. */
    static boolean isA(Object object, String name) {
        final Class<?> type = find(name);
        return type != null && type.isInstance(object);
    }

    static boolean has(Class<?> type, String method) {
        return method(type, method, null) != null;
    }

    /** A new instance from the first constructor that takes these arguments. */
    static Object make(String name, Object... arguments) {
        for (Constructor<?> candidate : find(name).getDeclaredConstructors()) {
            if (takes(candidate, arguments)) {
                candidate.setAccessible(true);
                try {
                    return candidate.newInstance(arguments);
                } catch (ReflectiveOperationException e) {
                    throw unwrap(name, e);
                }
            }
        }
        throw new IllegalStateException("no fitting constructor in " + name);
    }

    static Object of(String name, String method, Object... arguments) {
        return invoke(find(name), null, method, arguments);
    }

    static Object on(Object object, String method, Object... arguments) {
        return invoke(object.getClass(), object, method, arguments);
    }

    static Object constant(String name, String field) {
        return read(find(name), null, field);
    }

    /** The value of a private field, for what Flink shows to nobody. */
    static Object field(Object object, String field) {
        return read(object.getClass(), object, field);
    }

    private static Object read(Class<?> type, Object object, String name) {
        for (Class<?> at = type; at != null; at = at.getSuperclass()) {
            try {
                final Field field = at.getDeclaredField(name);
                field.setAccessible(true);
                return field.get(object);
            } catch (NoSuchFieldException e) {
                // Perhaps the superclass has it.
            } catch (IllegalAccessException e) {
                throw new IllegalStateException(e);
            }
        }
        throw new IllegalStateException("no field " + name + " in " + type);
    }

    private static Object invoke(Class<?> type, Object object, String name, Object... arguments) {
        final Method method = method(type, name, arguments);
        if (method == null) {
            throw new IllegalStateException("no fitting method " + name + " in " + type);
        }
        method.setAccessible(true);
        try {
            return method.invoke(object, arguments);
        } catch (ReflectiveOperationException e) {
            throw unwrap(type + "." + name, e);
        }
    }

    private static Method method(Class<?> type, String name, Object[] arguments) {
        for (Class<?> at = type; at != null; at = at.getSuperclass()) {
            for (Method candidate : at.getDeclaredMethods()) {
                if (candidate.getName().equals(name) && (arguments == null || takes(candidate, arguments))) {
                    return candidate;
                }
            }
        }
        return null;
    }

    private static boolean takes(Executable candidate, Object[] arguments) {
        final Class<?>[] parameters = candidate.getParameterTypes();
        if (parameters.length != arguments.length) {
            return false;
        }
        for (int i = 0; i < parameters.length; i++) {
            final Class<?> parameter = BOXES.getOrDefault(parameters[i], parameters[i]);
            if (arguments[i] == null ? parameters[i].isPrimitive() : !parameter.isInstance(arguments[i])) {
                return false;
            }
        }
        return true;
    }

    private static RuntimeException unwrap(String what, ReflectiveOperationException e) {
        final Throwable cause = e instanceof InvocationTargetException ? e.getCause() : e;
        return cause instanceof RuntimeException
                ? (RuntimeException) cause
                : new IllegalStateException(what, cause);
    }
}
