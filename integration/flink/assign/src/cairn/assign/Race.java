package cairn.assign;

import java.io.IOException;

/** How long Flink takes to assign. The graph is made anew each time, and neither that nor the loading is timed. */
final class Race {
    private Race() {}

    static long[] run(Pair pair, String pointer, int iterations) throws IOException {
        final long[] nanos = new long[iterations];
        for (int i = 0; i < iterations; i++) {
            final Restore restore = new Restore(pair, pointer);
            restore.validate();
            final var operation = restore.operation();
            System.gc();
            final long start = System.nanoTime();
            operation.assignStates();
            nanos[i] = System.nanoTime() - start;
        }
        return nanos;
    }
}
