package dev.cairnstate.flinkdata;

import org.apache.flink.core.fs.Path;
import org.apache.flink.runtime.state.StateObject;
import org.apache.flink.runtime.state.filesystem.FileStateHandle;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Paths;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;

/**
 * Walks state handles through their fields, whatever the release calls them, and notes each handle
 * class and each file on the way.
 */
final class Handles {
    /** Occurrences by simple class name. One file referenced by two handles counts twice. */
    final Map<String, Integer> counts = new TreeMap<>();

    /** Length on disk by path. */
    final Map<String, Long> files = new TreeMap<>();

    void visit(Object value) throws Exception {
        if (value instanceof Collection) {
            for (Object element : (Collection<?>) value) {
                visit(element);
            }
        } else if (value instanceof Map) {
            visit(((Map<?, ?>) value).values());
        } else if (value != null && holdsHandles(value.getClass())) {
            if (value instanceof StateObject) {
                count((StateObject) value);
            }
            visitFields(value);
        }
    }

    private static boolean holdsHandles(Class<?> type) {
        return StateObject.class.isAssignableFrom(type)
                || type.getName().startsWith("org.apache.flink.runtime.state.")
                || type.getName().startsWith("org.apache.flink.runtime.checkpoint.")
                || type.getName().startsWith("org.apache.flink.api.java.tuple.");
    }

    private void count(StateObject handle) throws Exception {
        if (!handle.getClass().getName().startsWith("org.apache.flink.runtime.state.")) {
            return; // a collection of handles or a subtask
        }
        String name = handle.getClass().getSimpleName();
        counts.merge(name, 1, Integer::sum);
        if (handle instanceof FileStateHandle) {
            Path path = ((FileStateHandle) handle).getFilePath();
            long length = note(path);
            // Flink's changelog writer leaves the first byte of a file out of the handle's size.
            if (length != handle.getStateSize() && !path.toString().contains("/dstl/")) {
                throw new IllegalStateException(
                        path + " has " + length + " bytes, not " + handle.getStateSize());
            }
        } else if (name.equals("SegmentFileStateHandle")) {
            note((Path) Optionals.get(handle, "getFilePath"));
        }
    }

    private long note(Path path) throws Exception {
        long length = Files.size(Paths.get(path.toUri()));
        files.put(path.toString(), length);
        return length;
    }

    private void visitFields(Object value) throws Exception {
        for (Class<?> type = value.getClass(); type != Object.class; type = type.getSuperclass()) {
            for (Field field : type.getDeclaredFields()) {
                int modifiers = field.getModifiers();
                boolean state = !Modifier.isStatic(modifiers) && !Modifier.isTransient(modifiers);
                if (state && !field.getType().isPrimitive() && !field.getType().isEnum()) {
                    field.setAccessible(true);
                    visit(field.get(value));
                }
            }
        }
    }
}
