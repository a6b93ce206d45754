package cairn.oracle;

import org.apache.flink.runtime.checkpoint.MasterState;
import org.apache.flink.runtime.checkpoint.OperatorState;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.checkpoint.metadata.CheckpointMetadata;
import org.apache.flink.runtime.jobgraph.OperatorID;
import org.apache.flink.runtime.checkpoint.StateObjectCollection;
import org.apache.flink.runtime.state.StateObject;

import java.util.ArrayList;
import java.util.List;

/** One random checkpoint, complete. The same seed gives the same bytes. */
final class RandomMetadata {
    private static final String FINISHED_OPERATOR = "checkpoint.FullyFinishedOperatorState";
    private static final String FINISHED_SUBTASK = "checkpoint.FinishedOperatorSubtaskState";
    private static final String BUILDER = "checkpoint.OperatorSubtaskState$Builder";

    private final Dice dice;
    private final Features features;
    private final int version;
    private final RandomStreams streams;
    private final RandomKeyed keyed;
    private final RandomOperatorHandles operators;
    private final RandomChannels channels;

    RandomMetadata(long seed, int version, Features features) {
        this.dice = new Dice(seed, features);
        this.features = features;
        this.version = version;
        this.streams = new RandomStreams(dice, features);
        this.keyed = new RandomKeyed(dice, features, streams);
        this.operators = new RandomOperatorHandles(dice, features, streams);
        this.channels = new RandomChannels(dice, features, streams, version);
    }

    CheckpointMetadata next() {
        final List<MasterState> masters = new ArrayList<>();
        for (int i = dice.chance(0.7) ? 0 : dice.upTo(3); i > 0; i--) {
            features.count("master state");
            masters.add(new MasterState(dice.text(), dice.bytes(), dice.anyInt()));
        }
        final List<OperatorState> states = new ArrayList<>();
        for (int i = dice.upTo(4); i > 0; i--) {
            states.add(operator());
        }
        final long id = dice.naturalLong();
        if (version < 4 || dice.chance(0.1)) {
            features.count("properties: none");
            return new CheckpointMetadata(id, states, masters);
        }
        final Object properties = new RandomProperties(dice, features).next();
        return (CheckpointMetadata) Call.make("checkpoint.metadata.CheckpointMetadata", id, states, masters, properties);
    }

    private OperatorState operator() {
        final int max = 1 + dice.upTo(32767);
        if (Call.exists(FINISHED_OPERATOR) && dice.chance(0.1)) {
            features.count("operator: fully finished");
            return operator(FINISHED_OPERATOR, 1 + dice.upTo(max - 1), max);
        }
        if (dice.chance(0.05)) {
            features.count("operator: without subtasks");
            return operator("checkpoint.OperatorState", Integer.MAX_VALUE, Integer.MAX_VALUE);
        }
        final int parallelism = 1 + dice.upTo(Math.min(max - 1, 6));
        final OperatorState state = operator("checkpoint.OperatorState", parallelism, max);
        if (dice.chance(0.3)) {
            features.count("operator: coordinator");
            state.setCoordinatorState(streams.inline());
        }
        for (int index = 0; index < parallelism; index++) {
            if (dice.chance(0.9)) {
                state.putState(index, subtask());
            }
        }
        return state;
    }

    /** Name and uid exist since 2.0. An empty one may not be written: on disk empty means none. */
    private OperatorState operator(String type, int parallelism, int max) {
        final OperatorID id = new OperatorID(dice.random.nextLong(), dice.random.nextLong());
        if (!Call.has(OperatorState.class, "getOperatorUid")) {
            return (OperatorState) Call.make(type, id, parallelism, max);
        }
        return (OperatorState) Call.make(type, label("name"), label("uid"), id, parallelism, max);
    }

    private String label(String what) {
        final String label = dice.chance(0.5) ? null : dice.nonEmptyText();
        features.count("operator: " + (label == null ? "no " : "") + what);
        return label;
    }

    private OperatorSubtaskState subtask() {
        if (Call.exists(FINISHED_SUBTASK) && dice.chance(0.1)) {
            features.count("subtask: finished");
            return (OperatorSubtaskState) Call.constant(FINISHED_SUBTASK, "INSTANCE");
        }
        features.count("subtask: with or without state");
        final StateObjectCollection<StateObject> managedOperator = some(0.3, () -> operators.next("managed operator state"));
        final StateObjectCollection<StateObject> rawOperator = some(0.2, () -> operators.next("raw operator state"));
        final StateObjectCollection<StateObject> managedKeyed = some(0.4, () -> keyed.next("managed keyed state"));
        final StateObjectCollection<StateObject> rawKeyed = some(0.2, () -> keyed.next("raw keyed state"));
        final Object input = channels.next(true);
        final Object output = channels.next(false);
        if (!Call.exists(BUILDER)) {
            return (OperatorSubtaskState)
                    Call.make("checkpoint.OperatorSubtaskState", managedOperator, rawOperator, managedKeyed, rawKeyed, input, output);
        }
        final Object builder = Call.of("checkpoint.OperatorSubtaskState", "builder");
        Call.on(builder, "setManagedOperatorState", managedOperator);
        Call.on(builder, "setRawOperatorState", rawOperator);
        Call.on(builder, "setManagedKeyedState", managedKeyed);
        Call.on(builder, "setRawKeyedState", rawKeyed);
        Call.on(builder, "setInputChannelState", input);
        Call.on(builder, "setResultSubpartitionState", output);
        return (OperatorSubtaskState) Call.on(builder, "build");
    }

    private StateObjectCollection<StateObject> some(double probability, java.util.function.Supplier<StateObject> draw) {
        return dice.chance(probability) ? StateObjectCollection.singleton(draw.get()) : StateObjectCollection.empty();
    }
}
