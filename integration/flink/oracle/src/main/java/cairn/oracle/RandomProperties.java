package cairn.oracle;

import java.util.ArrayList;
import java.util.List;

/** Random checkpoint properties, for Flink releases that write them. */
final class RandomProperties {
    private final Dice dice;
    private final Features features;

    RandomProperties(Dice dice, Features features) {
        this.dice = dice;
        this.features = features;
    }

    Object next() {
        final Object type = pick(types());
        features.count("properties: " + type);
        if (dice.chance(0.1)) {
            return Call.of("checkpoint.CheckpointProperties", "forUnclaimedSnapshot");
        }
        return Call.make(
                "checkpoint.CheckpointProperties", flip(), type, flip(), flip(), flip(), flip(), flip(), flip());
    }

    private boolean flip() {
        return dice.chance(0.5);
    }

    private <T> T pick(List<T> of) {
        return of.get(dice.random.nextInt(of.size()));
    }

    private static List<Object> types() {
        final List<Object> types = new ArrayList<>();
        types.add(Call.constant("checkpoint.CheckpointType", "CHECKPOINT"));
        types.add(Call.constant("checkpoint.CheckpointType", "FULL_CHECKPOINT"));
        for (Object format : Call.find("org.apache.flink.core.execution.SavepointFormatType").getEnumConstants()) {
            for (String action : new String[] {"savepoint", "suspend", "terminate"}) {
                types.add(Call.of("checkpoint.SavepointType", action, format));
            }
        }
        return types;
    }
}
