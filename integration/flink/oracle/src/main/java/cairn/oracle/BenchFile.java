package cairn.oracle;

import org.apache.flink.core.fs.Path;
import org.apache.flink.runtime.checkpoint.OperatorState;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.checkpoint.metadata.CheckpointMetadata;
import org.apache.flink.runtime.jobgraph.OperatorID;
import org.apache.flink.runtime.state.KeyGroupRange;
import org.apache.flink.runtime.state.StateHandleID;
import org.apache.flink.runtime.state.StreamStateHandle;
import org.apache.flink.runtime.state.filesystem.FileStateHandle;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.UUID;

/**
 * {@code benchfile HANDLES OUT}: a large incremental checkpoint as RocksDB leaves it. 100000 handles are 20 operators x 100
 * subtasks x 50 shared files, 1000000 are 50 x 1000 x 20. Each subtask also has its meta file, as it must. Needs 2.0.
 */
final class BenchFile {
    private static final String BASE = "s3://bucket/checkpoints/0f7c3a9b2d4e8f6071829304a5b6c7d8/shared/";

    private final Random random = new Random(1);

    private BenchFile() {}

    static void run(String[] arguments, PrintStream out) throws IOException {
        final int handles = Integer.parseInt(arguments[0]);
        final int operators = handles >= 1_000_000 ? 50 : 20;
        final int subtasks = handles >= 1_000_000 ? 1000 : 100;
        final int files = handles / operators / subtasks;
        Metadata.store(
                new BenchFile().metadata(operators, subtasks, files), Metadata.newestVersion(), Paths.get(arguments[1]));
        out.println(Json.print(Json.object("handles", operators * subtasks * files)));
    }

    private CheckpointMetadata metadata(int operators, int subtasks, int files) {
        final List<OperatorState> states = new ArrayList<>();
        for (int o = 0; o < operators; o++) {
            final OperatorID id = new OperatorID(random.nextLong(), random.nextLong());
            final OperatorState state =
                    (OperatorState)
                            Call.make("checkpoint.OperatorState", "operator-" + o, "uid-" + o, id, subtasks, 32768);
            for (int s = 0; s < subtasks; s++) {
                final Object builder = Call.of("checkpoint.OperatorSubtaskState", "builder");
                Call.on(builder, "setManagedKeyedState", keyed(s, subtasks, files));
                state.putState(s, (OperatorSubtaskState) Call.on(builder, "build"));
            }
            states.add(state);
        }
        return new CheckpointMetadata(4711, states, Collections.emptyList());
    }

    private Object keyed(int subtask, int subtasks, int files) {
        final int start = 32768 / subtasks * subtask;
        final List<Object> shared = new ArrayList<>();
        for (int f = 0; f < files; f++) {
            shared.add(
                    Call.of(
                            "state.IncrementalKeyedStateHandle$HandleAndLocalPath",
                            "of",
                            file(),
                            String.format(Locale.ROOT, "%06d.sst", 100 + f)));
        }
        return Call.of(
                "state.IncrementalRemoteKeyedStateHandle",
                "restore",
                UUID.fromString(uuid()),
                KeyGroupRange.of(start, start + 32768 / subtasks - 1),
                4711L,
                shared,
                Collections.emptyList(),
                file(),
                1L << 20,
                new StateHandleID(uuid()));
    }

    private StreamStateHandle file() {
        return new FileStateHandle(new Path(BASE + uuid()), 1 + random.nextInt(64 << 20));
    }

    private String uuid() {
        return new UUID(random.nextLong(), random.nextLong()).toString();
    }
}
