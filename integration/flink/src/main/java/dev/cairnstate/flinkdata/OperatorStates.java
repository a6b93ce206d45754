package dev.cairnstate.flinkdata;

import org.apache.flink.api.common.functions.RichMapFunction;
import org.apache.flink.api.common.state.BroadcastState;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;

import java.util.Map;

/**
 * List, union and broadcast state in one operator. The state names need every form of modified
 * UTF-8: a NUL, two and three byte characters, and a surrogate pair.
 */
final class OperatorStates extends RichMapFunction<Tuple2<Integer, Long>, Tuple2<Integer, Long>>
        implements CheckpointedFunction {
    private static final int ENTRIES = 5;

    private transient ListState<String> list;
    private transient ListState<String> union;
    private transient BroadcastState<String, String> broadcast;

    @Override
    public void initializeState(FunctionInitializationContext context) throws Exception {
        list = context.getOperatorStateStore().getListState(
                new ListStateDescriptor<>("list-with-\u0000-nul", String.class));
        union = context.getOperatorStateStore().getUnionListState(
                new ListStateDescriptor<>("union-zoë-石", String.class));
        broadcast = context.getOperatorStateStore().getBroadcastState(
                new MapStateDescriptor<>("broadcast-😀", String.class, String.class));
        if (context.isRestored()) {
            for (String ignored : list.get()) {
                Progress.restored("split list");
            }
            for (String ignored : union.get()) {
                Progress.restored("union list");
            }
            for (Map.Entry<String, String> ignored : broadcast.immutableEntries()) {
                Progress.restored("broadcast");
            }
        }
    }

    @Override
    public void snapshotState(FunctionSnapshotContext context) throws Exception {
        int subtask = Generation.subtask(getRuntimeContext());
        list.clear();
        for (int i = 0; i < ENTRIES; i++) {
            list.add("entry " + i + " of subtask " + subtask);
        }
        union.clear();
        union.add("known to all, from subtask " + subtask);
        for (int i = 0; i < ENTRIES; i++) {
            broadcast.put("rule " + i, "the same everywhere");
        }
    }

    @Override
    public Tuple2<Integer, Long> map(Tuple2<Integer, Long> tick) {
        return tick;
    }
}
