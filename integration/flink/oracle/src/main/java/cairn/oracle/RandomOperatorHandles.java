package cairn.oracle;

import org.apache.flink.core.fs.Path;
import org.apache.flink.runtime.state.OperatorStateHandle;
import org.apache.flink.runtime.state.OperatorStreamStateHandle;

import java.util.HashMap;
import java.util.Map;

/** Random handles in the operator position. */
final class RandomOperatorHandles {
    private static final String MERGING = "state.filemerging.FileMergingOperatorStreamStateHandle";
    private static final String EMPTY = "state.filemerging.EmptyFileMergingOperatorStreamStateHandle";

    private final Dice dice;
    private final Features features;
    private final RandomStreams streams;

    RandomOperatorHandles(Dice dice, Features features, RandomStreams streams) {
        this.dice = dice;
        this.features = features;
        this.streams = streams;
    }

    OperatorStateHandle next(String position) {
        final OperatorStateHandle handle = draw();
        features.count(position, handle);
        return handle;
    }

    private OperatorStateHandle draw() {
        if (!Call.exists(MERGING) || dice.chance(0.5)) {
            return new OperatorStreamStateHandle(states(), streams.next("operator state"));
        }
        if (dice.chance(0.3)) {
            // Flink's own are empty; the class and the format allow a full one that says it is empty.
            return (OperatorStateHandle)
                    (dice.chance(0.8)
                            ? Call.of(EMPTY, "create", directory(), directory())
                            : Call.make(EMPTY, directory(), directory(), states(), streams.segment()));
        }
        return (OperatorStateHandle) Call.make(MERGING, directory(), directory(), states(), streams.segment());
    }

    private Map<String, OperatorStateHandle.StateMetaInfo> states() {
        final Map<String, OperatorStateHandle.StateMetaInfo> states = new HashMap<>();
        final OperatorStateHandle.Mode[] modes = OperatorStateHandle.Mode.values();
        for (int i = dice.upTo(dice.chance(0.1) ? 40 : 3); i > 0; i--) {
            final OperatorStateHandle.Mode mode = modes[dice.random.nextInt(modes.length)];
            features.count("operator state mode: " + mode);
            states.put(dice.text(), new OperatorStateHandle.StateMetaInfo(dice.longs(dice.upTo(4)), mode));
        }
        return states;
    }

    private Object directory() {
        final Path path = dice.path();
        return Call.of("state.filemerging.DirectoryStreamStateHandle", "of", path);
    }
}
