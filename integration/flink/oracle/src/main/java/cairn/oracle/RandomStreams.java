package cairn.oracle;

import org.apache.flink.core.fs.Path;
import org.apache.flink.runtime.state.CheckpointedStateScope;
import org.apache.flink.runtime.state.KeyGroupsStateHandle;
import org.apache.flink.runtime.state.StreamStateHandle;
import org.apache.flink.runtime.state.filesystem.FileStateHandle;
import org.apache.flink.runtime.state.filesystem.RelativeFileStateHandle;
import org.apache.flink.runtime.state.memory.ByteStreamStateHandle;

/** Random handles in the stream position. */
final class RandomStreams {
    private static final String SEGMENT = "state.filemerging.SegmentFileStateHandle";
    private static final String EMPTY_SEGMENT = "state.filemerging.EmptySegmentFileStateHandle";

    private final Dice dice;
    private final Features features;

    RandomStreams(Dice dice, Features features) {
        this.dice = dice;
        this.features = features;
    }

    /** The position is only for the counts: who delegates to this handle. */
    StreamStateHandle next(String position) {
        final StreamStateHandle handle = draw();
        features.count("stream in " + position, handle);
        return handle;
    }

    private StreamStateHandle draw() {
        switch (dice.upTo(Call.exists(SEGMENT) ? 6 : 4)) {
            case 0:
                return inline();
            case 1:
                final String name = dice.fileName();
                return new RelativeFileStateHandle(new Path(new Path("file:/exclusive"), name), name, dice.size());
            case 2:
            case 3:
                return new FileStateHandle(dice.path(), dice.size());
            case 4:
                return delegatesToKeyGroups() && dice.chance(0.2)
                        ? new KeyGroupsStateHandle(RandomKeyed.offsets(dice), next("stream key groups"))
                        : inline();
            default:
                return segment();
        }
    }

    /** Key groups in the stream position came with canonical savepoints of all backends, in 1.13. */
    private static boolean delegatesToKeyGroups() {
        return Call.exists("state.KeyGroupsSavepointStateHandle");
    }

    ByteStreamStateHandle inline() {
        return new ByteStreamStateHandle(dice.text(), dice.bytes());
    }

    StreamStateHandle segment() {
        if (dice.chance(0.2)) {
            return emptySegment();
        }
        return (StreamStateHandle)
                Call.make(
                        SEGMENT,
                        dice.path(),
                        dice.naturalLong(),
                        dice.size(),
                        dice.chance(0.5) ? CheckpointedStateScope.SHARED : CheckpointedStateScope.EXCLUSIVE,
                        Call.make("checkpoint.filemerging.LogicalFile$LogicalFileId", dice.text()));
    }

    static StreamStateHandle emptySegment() {
        return (StreamStateHandle) Call.constant(EMPTY_SEGMENT, "INSTANCE");
    }
}
