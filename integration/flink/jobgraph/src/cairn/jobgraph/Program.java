package cairn.jobgraph;

import org.apache.flink.api.java.functions.KeySelector;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** A random program, as text and as calls of Flink's API. Each step makes one stream, which later steps name by its number. */
final class Program {
    private static final KeySelector<Long, Long> KEY = new Key();

    final Map<String, Object> text = new LinkedHashMap<>();
    private final Random random;
    private final Map<String, String> settings;
    private final List<Map<String, Object>> steps = new ArrayList<>();
    private final Long enable;

    Program(long seed) {
        random = new Random(seed);
        settings = Settings.random(random);
        enable = chance(0.15) ? Long.valueOf(chance(0.2) ? random.nextInt(12) : 10 + random.nextInt(100_000)) : null;
        text.put("settings", settings);
        text.put("enable", enable);
        text.put("steps", steps);
        write();
    }

    private boolean chance(double probability) {
        return random.nextDouble() < probability;
    }

    private void write() {
        final int sources = 1 + random.nextInt(3);
        for (int i = 0; i < sources; i++) {
            operator(chance(0.3) ? "legacySource" : "source");
        }
        final int more = 1 + random.nextInt(chance(0.04) ? 80 : 14);
        for (int i = 0; i < more; i++) {
            final double dice = random.nextDouble();
            if (dice < 0.45) {
                operator("transform", readable());
            } else if (dice < 0.52) {
                operator("two", readable(), readable());
            } else if (dice < 0.58) {
                operator("multiple", readable(), readable(), readable());
            } else if (dice < 0.65) {
                operator("sink", readable());
            } else if (dice < 0.72) {
                step("union", chance(0.3) ? new int[] {readable(), readable(), readable()} : new int[] {readable(), readable()});
            } else if (dice < 0.8) {
                sideOutput();
            } else {
                partition();
            }
        }
        operator("sink", readable());
    }

    private Map<String, Object> step(String kind, int... inputs) {
        final Map<String, Object> step = new LinkedHashMap<>();
        step.put("kind", kind);
        step.put("inputs", inputs);
        steps.add(step);
        return step;
    }

    private void operator(String kind, int... inputs) {
        final Map<String, Object> step = step(kind, inputs);
        step.put("name", kind + " " + (steps.size() - 1));
        if (chance(0.35)) {
            step.put("uid", chance(0.02) ? "same" : "uid-" + steps.size());
        }
        if (chance(0.15)) {
            step.put("uidHash", String.format("%016x%016x", random.nextLong(), random.nextLong()));
        }
        if (chance(0.25)) {
            step.put("parallelism", 1 + random.nextInt(4));
        }
        if (chance(0.15)) {
            step.put("maxParallelism", 64 << random.nextInt(3));
        }
        if (chance(0.12)) {
            step.put("slotSharingGroup", new String[] {"default", "a", "b"}[random.nextInt(3)]);
        }
        if (kind.equals("multiple") && chance(0.8)) {
            step.put("chaining", "HEAD_WITH_SOURCES");
        } else if (chance(0.12)) {
            step.put("chaining", chance(0.5) || inputs.length != 1 || kind.equals("sink") ? "NEVER" : "HEAD");
        }
        if (kind.equals("transform") && chance(0.1)) {
            step.put("yielding", true);
        }
    }

    private void partition() {
        final int input = readable();
        final String[] all = {"hash", "hash", "rebalance", "rescale", "shuffle", "global", "broadcast", "forward", "custom"};
        String by = all[random.nextInt(all.length)];
        if (by.equals("forward") && chance(0.5)) {
            by = "rebalance";
        }
        if ("hash".equals(steps.get(input).get("by")) && chance(0.8)) {
            by = "hash";
        }
        if (by.equals("custom") && chance(0.6)) {
            by = "shuffle";
        }
        step("partition", input).put("by", by);
    }

    private void sideOutput() {
        for (int i = 0; i < 5; i++) {
            final int input = readable();
            final String kind = (String) steps.get(input).get("kind");
            if (!kind.equals("partition") && !kind.equals("union") && !kind.equals("side")) {
                step("side", input).put("tag", chance(0.5) ? "late" : "odd");
                return;
            }
        }
    }

    /** The number of a stream that can be read; recent ones are likelier, for chains to become long. */
    private int readable() {
        while (true) {
            final int n = chance(0.5) ? Math.max(0, steps.size() - 1 - random.nextInt(3)) : random.nextInt(steps.size());
            if (!steps.get(n).get("kind").equals("sink")) {
                return n;
            }
        }
    }

    StreamExecutionEnvironment run() {
        final StreamExecutionEnvironment env =
                StreamExecutionEnvironment.getExecutionEnvironment(Configuration.fromMap(settings));
        if (enable != null) {
            env.enableCheckpointing(enable);
        }
        final List<DataStream<Long>> streams = new ArrayList<>();
        for (Map<String, Object> step : steps) {
            final List<DataStream<Long>> inputs = new ArrayList<>();
            for (int input : (int[]) step.get("inputs")) {
                inputs.add(streams.get(input));
            }
            streams.add(Calls.make(env, step, inputs, KEY));
        }
        return env;
    }

    private static final class Key implements KeySelector<Long, Long> {
        @Override
        public Long getKey(Long value) {
            return value;
        }
    }
}
