package cairn.oracle;

import org.apache.flink.runtime.checkpoint.StateObjectCollection;
import org.apache.flink.runtime.checkpoint.channel.InputChannelInfo;
import org.apache.flink.runtime.checkpoint.channel.ResultSubpartitionInfo;
import org.apache.flink.runtime.state.StateObject;
import org.apache.flink.runtime.state.StreamStateHandle;

import java.util.ArrayList;
import java.util.List;

/** Random channel state of one subtask, in one direction. */
final class RandomChannels {
    private static final String SUBTASK_INDEX = "getSubtaskIndex";

    private final Dice dice;
    private final Features features;
    private final RandomStreams streams;
    private final boolean merged;

    /** Merged handles exist since 2.1, and only version 6 has room for them. */
    RandomChannels(Dice dice, Features features, RandomStreams streams, int version) {
        this.dice = dice;
        this.features = features;
        this.streams = streams;
        this.merged = version >= 6;
    }

    StateObjectCollection<StateObject> next(boolean input) {
        final List<StateObject> handles = new ArrayList<>();
        for (int i = dice.chance(0.7) ? 0 : 1 + dice.upTo(4); i > 0; i--) {
            final StateObject handle = merged && dice.chance(0.4) ? merged(input) : single(input, dice.anyInt(), delegate());
            features.count(input ? "input" : "output", handle);
            handles.add(handle);
        }
        return new StateObjectCollection<>(handles);
    }

    private StreamStateHandle delegate() {
        return streams.next("channel state");
    }

    private StateObject single(boolean input, int subtask, StreamStateHandle delegate) {
        final String type = input ? "state.InputChannelStateHandle" : "state.ResultSubpartitionStateHandle";
        final Object info =
                input
                        ? new InputChannelInfo(dice.anyInt(), dice.anyInt())
                        : new ResultSubpartitionInfo(dice.anyInt(), dice.anyInt());
        final List<Long> offsets = new ArrayList<>();
        for (long offset : dice.longs(dice.upTo(4))) {
            offsets.add(offset);
        }
        return (StateObject)
                (Call.has(Call.find(type), SUBTASK_INDEX)
                        ? Call.make(type, subtask, info, delegate, offsets, dice.anyLong())
                        : Call.make(type, info, delegate, offsets, dice.anyLong()));
    }

    private StateObject merged(boolean input) {
        final int subtask = dice.anyInt();
        final StreamStateHandle delegate = delegate();
        final List<Object> parts = new ArrayList<>();
        for (int i = 1 + dice.upTo(4); i > 0; i--) {
            parts.add(single(input, subtask, delegate));
        }
        final String type = input ? "state.MergedInputChannelStateHandle" : "state.MergedResultSubpartitionStateHandle";
        return (StateObject) Call.of(type, "fromChannelHandles", parts);
    }
}
