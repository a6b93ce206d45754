package dev.cairnstate.flinkdata;

import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.functions.KeySelector;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

import java.util.function.IntUnaryOperator;

/** The jobs, by name. The same code makes the data and restores it. */
final class Jobs {
    static final int KEY_GROUPS = 128;

    private static final TypeInformation<Tuple2<Integer, Long>> TICK =
            Types.TUPLE(Types.INT, Types.LONG);
    private static final int NUMBERS_DELAY_MILLIS = 5;

    private final StreamExecutionEnvironment env;
    private final IntUnaryOperator parallelism;

    /** @param parallelism of an operator, by the one that it has of its own */
    Jobs(StreamExecutionEnvironment env, IntUnaryOperator parallelism) {
        this.env = env;
        this.parallelism = parallelism;
        env.setMaxParallelism(KEY_GROUPS);
        env.setBufferTimeout(5);
    }

    void build(String name) {
        switch (name) {
            case "features": features(); break;
            case "in-flight": inFlight(); break;
            case "finishing": finishing(); break;
            case "large-inline": largeInline(); break;
            default: throw new IllegalArgumentException("no job " + name);
        }
    }

    /** All kinds of operator and keyed state; operators with uid, with uid hash, with neither. */
    private void features() {
        DataStream<Tuple2<Integer, Long>> states = env
                .addSource(new Ticks(Ticks.Lifetime.ENDLESS), "ticks", TICK)
                .uid("ticks-источник").setParallelism(at(2))
                .map(new MasterHook()).returns(TICK)
                .name("master hook").setParallelism(at(2))
                .map(new OperatorStates()).returns(TICK)
                .name("operator states 😀").uid("operator-states-\u0000-😀")
                .setParallelism(at(2));
        keyed(states, 4)
                .keyBy(new Key())
                .transform("raw states", TICK, new RawStates(Release.hasCustomRawKeyedState()))
                .setUidHash("00112233445566778899aabbccddeeff").setParallelism(at(3));
        if (Release.atLeast("1.12")) {
            Generation.addNumbers(env)
                    .uid("numbers").setParallelism(at(2))
                    .map(new Delay<>(NUMBERS_DELAY_MILLIS)).returns(Types.LONG)
                    .name("slow numbers").uid("slow-numbers").setParallelism(at(2));
        }
    }

    /** Records pile up before the last operator, and from there back to the source. */
    private void inFlight() {
        DataStream<Tuple2<Integer, Long>> ticks = env
                .addSource(new Ticks(Ticks.Lifetime.ENDLESS), "ticks", TICK)
                .uid("ticks").setParallelism(at(2));
        keyed(ticks, 3)
                .rebalance()
                .map(new Delay<>(0)).returns(TICK)
                .name("slow").uid("slow").setParallelism(at(2))
                .keyBy(new Key())
                .map(new OperatorStates()).returns(TICK)
                .name("last").uid("last").setParallelism(at(2));
    }

    /** One vertex finishes in all subtasks, another in the first subtask only. */
    private void finishing() {
        DataStream<Tuple2<Integer, Long>> finished = env
                .addSource(new Ticks(Ticks.Lifetime.FINISHES), "finishing ticks", TICK)
                .uid("finishing-ticks").setParallelism(at(2))
                .map(new OperatorStates()).returns(TICK)
                .name("finishing operator states").uid("finishing-operator-states")
                .setParallelism(at(2));
        DataStream<Tuple2<Integer, Long>> partly = env
                .addSource(new Ticks(Ticks.Lifetime.FIRST_SUBTASK_FINISHES), "partly", TICK)
                .uid("partly-finishing-ticks").setParallelism(at(3));
        keyed(finished.union(partly), 4);
    }

    private void largeInline() {
        env.addSource(new Ticks(Ticks.Lifetime.ENDLESS), "ticks", TICK)
                .uid("ticks").setParallelism(at(2))
                .map(new LargeList()).returns(TICK)
                .name("large list").uid("large-list").setParallelism(at(2));
    }

    private DataStream<Tuple2<Integer, Long>> keyed(
            DataStream<Tuple2<Integer, Long>> ticks, int ownParallelism) {
        return ticks.keyBy(new Key())
                .process(new KeyedCounts()).returns(TICK)
                .name("keyed counts ≠ Σ").uid("keyed-counts-石")
                .setParallelism(at(ownParallelism));
    }

    private int at(int ownParallelism) {
        return parallelism.applyAsInt(ownParallelism);
    }

    /** A class and not a lambda: the key type of a lambda is lost to Flink. */
    private static final class Key implements KeySelector<Tuple2<Integer, Long>, Integer> {
        @Override
        public Integer getKey(Tuple2<Integer, Long> tick) {
            return KeyedCounts.key(tick);
        }
    }
}
