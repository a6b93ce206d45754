package dev.cairnstate.flinkdata;

import org.apache.flink.api.common.functions.RichMapFunction;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;

/** List state of some 60 KB in subtask 0 and 700 KB in subtask 1, to be stored inline. */
final class LargeList extends RichMapFunction<Tuple2<Integer, Long>, Tuple2<Integer, Long>>
        implements CheckpointedFunction {
    private static final String LINE = "inline, up to the largest threshold that Flink allows";

    private transient ListState<String> lines;

    @Override
    public void initializeState(FunctionInitializationContext context) throws Exception {
        lines = context.getOperatorStateStore().getListState(
                new ListStateDescriptor<>("lines", String.class));
        if (context.isRestored()) {
            for (String ignored : lines.get()) {
                Progress.restored("large list");
            }
        }
    }

    @Override
    public void snapshotState(FunctionSnapshotContext context) throws Exception {
        int bytes = Generation.subtask(getRuntimeContext()) == 0 ? 60_000 : 700_000;
        lines.clear();
        for (int i = 0; i < bytes; i += LINE.length()) {
            lines.add(LINE);
        }
    }

    @Override
    public Tuple2<Integer, Long> map(Tuple2<Integer, Long> tick) {
        return tick;
    }
}
