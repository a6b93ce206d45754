package cairn.jobgraph;

import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.connector.source.lib.NumberSequenceSource;
import org.apache.flink.api.java.functions.KeySelector;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.DataStreamSink;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.operators.ChainingStrategy;
import org.apache.flink.streaming.api.transformations.MultipleInputTransformation;
import org.apache.flink.util.OutputTag;

import java.util.List;
import java.util.Map;

/** One step of a program, as calls of Flink's API. */
final class Calls {
    private Calls() {}

    static DataStream<Long> make(
            StreamExecutionEnvironment env, Map<String, Object> step, List<DataStream<Long>> in, KeySelector<Long, Long> key) {
        final String name = (String) step.get("name");
        switch ((String) step.get("kind")) {
            case "source":
                return options(
                        env.fromSource(new NumberSequenceSource(0, 9), WatermarkStrategy.noWatermarks(), name), step);
            case "legacySource":
                return options(env.addSource(new Factories.LegacySource(), name, Types.LONG), step);
            case "transform":
                return options(in.get(0).transform(name, Types.LONG, factory(step)), step);
            case "two":
                return options(in.get(0).connect(in.get(1)).transform(name, Types.LONG, factory(step)), step);
            case "multiple":
                return multiple(env, step, in);
            case "sink":
                sink(in.get(0).addSink(new Factories.Sink()).name(name), step);
                return null;
            case "union":
                return union(in);
            case "side":
                return ((SingleOutputStreamOperator<Long>) in.get(0))
                        .getSideOutput(new OutputTag<>((String) step.get("tag"), Types.LONG));
            case "partition":
                return partition(in.get(0), (String) step.get("by"), key);
            default:
                throw new AssertionError(step);
        }
    }

    private static Factories.Any factory(Map<String, Object> step) {
        return step.containsKey("yielding") ? new Factories.Yielding() : new Factories.Any();
    }

    private static DataStream<Long> multiple(
            StreamExecutionEnvironment env, Map<String, Object> step, List<DataStream<Long>> in) {
        final MultipleInputTransformation<Long> transformation =
                new MultipleInputTransformation<>(
                        (String) step.get("name"), factory(step), Types.LONG, env.getParallelism(), false);
        in.forEach(input -> transformation.addInput(input.getTransformation()));
        env.addOperator(transformation);
        final SingleOutputStreamOperator<Long> stream = new Made(env, transformation);
        if ("HEAD_WITH_SOURCES".equals(step.get("chaining"))) {
            transformation.setChainingStrategy(ChainingStrategy.HEAD_WITH_SOURCES);
        }
        return options(stream, step);
    }

    @SuppressWarnings("unchecked")
    private static DataStream<Long> union(List<DataStream<Long>> in) {
        return in.get(0).union(in.subList(1, in.size()).toArray(new DataStream[0]));
    }

    private static DataStream<Long> partition(DataStream<Long> in, String by, KeySelector<Long, Long> key) {
        switch (by) {
            case "hash":
                return in.keyBy(key, Types.LONG);
            case "rebalance":
                return in.rebalance();
            case "rescale":
                return in.rescale();
            case "shuffle":
                return in.shuffle();
            case "global":
                return in.global();
            case "broadcast":
                return in.broadcast();
            case "forward":
                return in.forward();
            default:
                return in.partitionCustom((k, n) -> 0, key);
        }
    }

    private static DataStream<Long> options(SingleOutputStreamOperator<Long> stream, Map<String, Object> step) {
        if (step.containsKey("uid")) {
            stream.uid((String) step.get("uid"));
        }
        if (step.containsKey("uidHash")) {
            stream.setUidHash((String) step.get("uidHash"));
        }
        if (step.containsKey("parallelism")) {
            stream.setParallelism((Integer) step.get("parallelism"));
        }
        if (step.containsKey("maxParallelism")) {
            stream.setMaxParallelism((Integer) step.get("maxParallelism"));
        }
        if (step.containsKey("slotSharingGroup")) {
            stream.slotSharingGroup((String) step.get("slotSharingGroup"));
        }
        if ("NEVER".equals(step.get("chaining"))) {
            stream.disableChaining();
        } else if ("HEAD".equals(step.get("chaining"))) {
            stream.startNewChain();
        }
        return stream;
    }

    private static void sink(DataStreamSink<Long> sink, Map<String, Object> step) {
        if (step.containsKey("uid")) {
            sink.uid((String) step.get("uid"));
        }
        if (step.containsKey("uidHash")) {
            sink.setUidHash((String) step.get("uidHash"));
        }
        if (step.containsKey("parallelism")) {
            sink.setParallelism((Integer) step.get("parallelism"));
        }
        if (step.containsKey("maxParallelism")) {
            sink.setMaxParallelism((Integer) step.get("maxParallelism"));
        }
        if (step.containsKey("slotSharingGroup")) {
            sink.slotSharingGroup((String) step.get("slotSharingGroup"));
        }
        if ("NEVER".equals(step.get("chaining"))) {
            sink.disableChaining();
        }
    }

    /** Flink has a public maker of such streams in another module. */
    private static final class Made extends SingleOutputStreamOperator<Long> {
        Made(StreamExecutionEnvironment env, MultipleInputTransformation<Long> transformation) {
            super(env, transformation);
        }
    }
}
