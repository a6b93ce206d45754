package dev.cairnstate.flinkdata;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What the running functions and the driver tell each other. Flink runs inside this JVM, so plain
 * statics reach every task.
 */
final class Progress {
    /** Each partition of {@link Ticks} emits the numbers below this one, then waits. */
    static volatile long limit;

    /** How long {@link Delay} holds each record. */
    static volatile long delayMillis;

    /** Partition to the next number that it will emit. */
    static final Map<Integer, Long> OFFSETS = new ConcurrentHashMap<>();

    /** Key to the number of records counted for it, as held in keyed state. */
    static final Map<Integer, Long> COUNTS = new ConcurrentHashMap<>();

    /** What tasks found in restored state, by kind of state. */
    static final Map<String, AtomicInteger> RESTORED = new ConcurrentHashMap<>();

    private Progress() {}

    static void reset() {
        limit = 0;
        delayMillis = 0;
        OFFSETS.clear();
        COUNTS.clear();
        RESTORED.clear();
    }

    static void restored(String kind) {
        RESTORED.computeIfAbsent(kind, k -> new AtomicInteger()).incrementAndGet();
    }

    static void restored(String kind, int subtask) {
        restored(kind);
        restored(kind + " of subtask " + subtask);
    }

    static int found(String kind) {
        AtomicInteger found = RESTORED.get(kind);
        return found == null ? 0 : found.get();
    }

    static long counted() {
        return COUNTS.values().stream().mapToLong(Long::longValue).sum();
    }

    static long emitted() {
        return OFFSETS.values().stream().mapToLong(Long::longValue).sum();
    }
}
