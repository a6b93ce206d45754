package dev.cairnstate.flinkdata;

import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;

/**
 * Counts records per key, with value and map state and a timer far in the future. The counts
 * of all keys add up to the numbers that the source emitted: this is how a restore is proven.
 */
final class KeyedCounts
        extends KeyedProcessFunction<Integer, Tuple2<Integer, Long>, Tuple2<Integer, Long>>
        implements CheckpointedFunction {
    static final int KEYS = 64;
    private static final long YEAR_2100 = 4_102_444_800_000L;

    private transient ValueState<Long> count;
    private transient MapState<Integer, Long> perPartition;

    static int key(Tuple2<Integer, Long> tick) {
        return (int) ((tick.f0 * 7 + tick.f1) % KEYS);
    }

    @Override
    public void initializeState(FunctionInitializationContext context) throws Exception {
        count = context.getKeyedStateStore().getState(
                new ValueStateDescriptor<>("count", Long.class));
        perPartition = context.getKeyedStateStore().getMapState(
                new MapStateDescriptor<>("per-partition-石😀", Integer.class, Long.class));
    }

    @Override
    public void snapshotState(FunctionSnapshotContext context) {}

    @Override
    public void processElement(Tuple2<Integer, Long> tick, Context context,
            Collector<Tuple2<Integer, Long>> out) throws Exception {
        long counted = (count.value() == null ? 0 : count.value()) + 1;
        count.update(counted);
        perPartition.put(tick.f0, tick.f1);
        if (counted == 1) {
            context.timerService().registerProcessingTimeTimer(YEAR_2100 + context.getCurrentKey());
        }
        Progress.COUNTS.put(context.getCurrentKey(), counted);
        out.collect(tick);
    }
}
