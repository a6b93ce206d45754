package dev.cairnstate.flinkdata;

import org.apache.flink.api.common.functions.MapFunction;

/** Holds each record for a while, so that buffers in front of it fill up. */
final class Delay<T> implements MapFunction<T, T> {
    private final long atLeastMillis;

    Delay(long atLeastMillis) {
        this.atLeastMillis = atLeastMillis;
    }

    @Override
    public T map(T record) throws InterruptedException {
        Thread.sleep(Math.max(atLeastMillis, Progress.delayMillis));
        return record;
    }
}
