package cairn.registry;

import org.apache.flink.core.fs.Path;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.IncrementalKeyedStateHandle.HandleAndLocalPath;
import org.apache.flink.runtime.state.IncrementalRemoteKeyedStateHandle;
import org.apache.flink.runtime.state.KeyGroupRange;
import org.apache.flink.runtime.state.PhysicalStateHandleID;
import org.apache.flink.runtime.state.PlaceholderStreamStateHandle;
import org.apache.flink.runtime.state.StreamStateHandle;
import org.apache.flink.runtime.state.filesystem.FileStateHandle;
import org.apache.flink.runtime.state.memory.ByteStreamStateHandle;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;

/** Subtasks of a thousand files each, of which a tenth is new in each checkpoint. Go's job makes the very same. */
final class Job {
    private static final int FILES = 1000;
    private static final String DIRECTORY =
            "s3://bucket/flink/checkpoints/a1b2c3d4e5f60708090a0b0c0d0e0f10/shared/";

    private final boolean placeholders;
    private final boolean shuffled;
    private final long[][] high;
    private final long[][] low;
    private int files;
    private long dice;

    Job(int handles, boolean placeholders, boolean shuffled) {
        this.placeholders = placeholders;
        this.shuffled = shuffled;
        this.high = new long[handles / FILES][FILES];
        this.low = new long[handles / FILES][FILES];
    }

    List<OperatorSubtaskState> next(long checkpointId) {
        final List<OperatorSubtaskState> states = new ArrayList<>();
        for (int subtask = 0; subtask < high.length; subtask++) {
            states.add(next(checkpointId, high[subtask], low[subtask]));
        }
        files = FILES;
        return states;
    }

    private OperatorSubtaskState next(long checkpointId, long[] high, long[] low) {
        int kept = files;
        while (kept > FILES * 9 / 10) {
            final int gone = (int) Long.remainderUnsigned(roll(), kept);
            kept--;
            System.arraycopy(high, gone + 1, high, gone, kept - gone);
            System.arraycopy(low, gone + 1, low, gone, kept - gone);
        }
        for (int i = kept; i < FILES; i++) {
            high[i] = roll();
            low[i] = roll();
        }
        final List<HandleAndLocalPath> handles = new ArrayList<>(FILES);
        for (int i = 0; i < FILES; i++) {
            final String path = DIRECTORY + new UUID(high[i], low[i]);
            handles.add(HandleAndLocalPath.of(handle(path, i < kept), String.format("%06d.sst", i)));
        }
        if (shuffled) {
            shuffle(handles);
        }
        return OperatorSubtaskState.builder()
                .setManagedKeyedState(
                        new IncrementalRemoteKeyedStateHandle(
                                new UUID(0, 1),
                                KeyGroupRange.of(0, 0),
                                checkpointId,
                                handles,
                                Collections.emptyList(),
                                new ByteStreamStateHandle("meta", new byte[0])))
                .build();
    }

    private StreamStateHandle handle(String path, boolean known) {
        return known && placeholders
                ? new PlaceholderStreamStateHandle(new PhysicalStateHandleID(path), 1, false)
                : new FileStateHandle(new Path(path), 1);
    }

    private void shuffle(List<HandleAndLocalPath> handles) {
        for (int i = FILES - 1; i > 0; i--) {
            Collections.swap(handles, i, (int) Long.remainderUnsigned(roll(), i + 1));
        }
    }

    /** SplitMix64. */
    private long roll() {
        dice += 0x9e3779b97f4a7c15L;
        long z = dice;
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }
}
