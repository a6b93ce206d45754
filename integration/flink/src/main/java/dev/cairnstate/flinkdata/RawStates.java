package dev.cairnstate.flinkdata;

import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.runtime.state.KeyGroupStatePartitionStreamProvider;
import org.apache.flink.runtime.state.KeyedStateCheckpointOutputStream;
import org.apache.flink.runtime.state.OperatorStateCheckpointOutputStream;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StatePartitionStreamProvider;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;

/** A keyed operator that writes raw operator state, and raw keyed state if {@code keyed}. */
final class RawStates extends AbstractStreamOperator<Tuple2<Integer, Long>>
        implements OneInputStreamOperator<Tuple2<Integer, Long>, Tuple2<Integer, Long>> {
    private static final int PARTITIONS = 3;

    private final boolean keyed;

    RawStates(boolean keyed) {
        this.keyed = keyed;
    }

    /** Without this, Flink takes raw keyed state for timers. Overrides since 1.11.3 and 1.12. */
    public boolean isUsingCustomRawKeyedState() {
        return keyed;
    }

    @Override
    public void snapshotState(StateSnapshotContext context) throws Exception {
        super.snapshotState(context);
        OperatorStateCheckpointOutputStream operator = context.getRawOperatorStateOutput();
        for (int i = 0; i < PARTITIONS; i++) {
            operator.startNewPartition();
            new DataOutputStream(operator).writeInt(i);
        }
        if (keyed) {
            KeyedStateCheckpointOutputStream groups = context.getRawKeyedOperatorStateOutput();
            for (int group : groups.getKeyGroupList()) {
                groups.startNewKeyGroup(group);
                new DataOutputStream(groups).writeInt(group);
            }
        }
    }

    @Override
    public void initializeState(StateInitializationContext context) throws Exception {
        super.initializeState(context);
        if (!context.isRestored()) {
            return;
        }
        int subtask = Generation.subtask(getRuntimeContext());
        for (StatePartitionStreamProvider partition : context.getRawOperatorStateInputs()) {
            new DataInputStream(partition.getStream()).readInt();
            Progress.restored("raw partition", subtask);
        }
        if (!keyed) {
            return;
        }
        for (KeyGroupStatePartitionStreamProvider group : context.getRawKeyedStateInputs()) {
            int found = new DataInputStream(group.getStream()).readInt();
            if (found != group.getKeyGroupId()) {
                throw new IOException("key group " + group.getKeyGroupId() + " holds " + found);
            }
            Progress.restored("raw key group", subtask);
        }
    }

    @Override
    public void processElement(StreamRecord<Tuple2<Integer, Long>> record) {
        output.collect(record);
    }
}
