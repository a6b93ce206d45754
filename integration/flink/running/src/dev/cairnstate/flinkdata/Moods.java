package dev.cairnstate.flinkdata;

import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RichMapFunction;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;

import java.util.concurrent.atomic.AtomicBoolean;

/** Counts by key, and fails when it is told to: once for each time, in whichever subtask. */
final class Moods extends RichMapFunction<Long, Long> implements CheckpointedFunction {
    static final AtomicBoolean FAILS = new AtomicBoolean();
    static final AtomicBoolean REFUSES = new AtomicBoolean();

    /** While it is set, the second subtask takes its snapshot, and says so. */
    static final AtomicBoolean WAITS = new AtomicBoolean();
    static final AtomicBoolean WAITING = new AtomicBoolean();

    private transient ValueState<Long> count;

    @Override
    public void open(OpenContext context) {
        count = getRuntimeContext().getState(new ValueStateDescriptor<>("count", Long.class));
    }

    @Override
    public Long map(Long value) throws Exception {
        if (FAILS.compareAndSet(true, false)) {
            throw new IllegalStateException("told to fail");
        }
        count.update(count.value() == null ? 1 : count.value() + 1);
        return value;
    }

    @Override
    public void snapshotState(FunctionSnapshotContext context) throws Exception {
        if (REFUSES.compareAndSet(true, false)) {
            throw new IllegalStateException("told to refuse");
        }
        while (WAITS.get() && getRuntimeContext().getTaskInfo().getIndexOfThisSubtask() == 1) {
            WAITING.set(true);
            Thread.sleep(10);
        }
    }

    @Override
    public void initializeState(FunctionInitializationContext context) {}
}
