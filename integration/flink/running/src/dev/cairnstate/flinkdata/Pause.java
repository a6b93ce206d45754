package dev.cairnstate.flinkdata;

import org.apache.flink.api.common.functions.MapFunction;

/** Lets a thousand numbers a second through. */
final class Pause implements MapFunction<Long, Long> {
    @Override
    public Long map(Long value) throws Exception {
        Thread.sleep(1);
        return value;
    }
}
