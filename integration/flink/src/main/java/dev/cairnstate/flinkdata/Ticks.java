package dev.cairnstate.flinkdata;

import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;

import java.util.ArrayList;
import java.util.List;

/**
 * Emits (partition, number) for {@value #PARTITIONS} partitions, as far as {@link Progress#limit}
 * allows. The next number of each partition is split-distributed list state, so it follows its
 * partition when the parallelism changes.
 */
final class Ticks extends LegacySource<Tuple2<Integer, Long>> implements CheckpointedFunction {
    enum Lifetime { ENDLESS, FIRST_SUBTASK_FINISHES, FINISHES }

    static final int PARTITIONS = 8;

    private final Lifetime lifetime;
    private final List<Tuple2<Integer, Long>> owned = new ArrayList<>();
    private transient ListState<Tuple2<Integer, Long>> offsets;
    private volatile boolean running = true;

    Ticks(Lifetime lifetime) {
        this.lifetime = lifetime;
    }

    @Override
    public void initializeState(FunctionInitializationContext context) throws Exception {
        offsets = context.getOperatorStateStore().getListState(
                new ListStateDescriptor<>("offsets", Types.TUPLE(Types.INT, Types.LONG)));
        if (context.isRestored()) {
            for (Tuple2<Integer, Long> offset : offsets.get()) {
                owned.add(offset);
                Progress.restored("list");
            }
        } else {
            int subtasks = Generation.parallelism(getRuntimeContext());
            for (int p = Generation.subtask(getRuntimeContext()); p < PARTITIONS; p += subtasks) {
                owned.add(Tuple2.of(p, 0L));
            }
        }
        publish();
    }

    @Override
    public void snapshotState(FunctionSnapshotContext context) throws Exception {
        offsets.clear();
        offsets.addAll(owned);
    }

    @Override
    public void run(SourceContext<Tuple2<Integer, Long>> out) throws Exception {
        while (running) {
            boolean idle = true;
            for (Tuple2<Integer, Long> offset : owned) {
                synchronized (out.getCheckpointLock()) {
                    if (offset.f1 < Progress.limit) {
                        out.collect(Tuple2.of(offset.f0, offset.f1));
                        offset.f1++;
                        idle = false;
                    }
                }
            }
            publish();
            if (idle && Progress.limit > 0 && finishes()) {
                return;
            }
            if (idle) {
                Thread.sleep(5);
            }
        }
    }

    private boolean finishes() {
        return lifetime == Lifetime.FINISHES
                || lifetime == Lifetime.FIRST_SUBTASK_FINISHES
                        && Generation.subtask(getRuntimeContext()) == 0;
    }

    /** Only the endless source counts: numbers of a finished one are not in any restored state. */
    private void publish() {
        if (lifetime == Lifetime.ENDLESS) {
            owned.forEach(offset -> Progress.OFFSETS.put(offset.f0, offset.f1));
        }
    }

    @Override
    public void cancel() {
        running = false;
    }
}
