package cairn.assign;

import static cairn.assign.Streams.list;

import org.apache.flink.runtime.checkpoint.InflightDataRescalingDescriptor;
import org.apache.flink.runtime.checkpoint.InflightDataRescalingDescriptor.InflightDataGateOrPartitionRescalingDescriptor;
import org.apache.flink.runtime.checkpoint.RescaleMappings;
import org.apache.flink.runtime.state.AbstractChannelStateHandle;
import org.apache.flink.runtime.state.InputChannelStateHandle;
import org.apache.flink.runtime.state.ResultSubpartitionStateHandle;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Data in flight in a word, and how channels changed. */
final class Channels {
    private Channels() {}

    static String text(Object handle) {
        if (handle instanceof InputChannelStateHandle) {
            final InputChannelStateHandle input = (InputChannelStateHandle) handle;
            return text(input, input.getInfo().getGateIdx(), input.getInfo().getInputChannelIdx());
        }
        final ResultSubpartitionStateHandle output = (ResultSubpartitionStateHandle) handle;
        return text(output, output.getInfo().getPartitionIdx(), output.getInfo().getSubPartitionIdx());
    }

    private static String text(AbstractChannelStateHandle<?> handle, int group, int index) {
        final long[] offsets = handle.getOffsets().stream().mapToLong(offset -> offset).toArray();
        return handle.getSubtaskIndex() + "/" + group + "/" + index + list(offsets) + handle.getStateSize()
                + "@" + Streams.text(handle.getDelegate());
    }

    /** Empty if nothing changed. */
    static String descriptor(InflightDataRescalingDescriptor descriptor) {
        if (descriptor == InflightDataRescalingDescriptor.NO_RESCALE) {
            return "";
        }
        final InflightDataGateOrPartitionRescalingDescriptor[] gates =
                (InflightDataGateOrPartitionRescalingDescriptor[])
                        Bare.get(InflightDataRescalingDescriptor.class, descriptor, "gateOrPartitionDescriptors");
        return Arrays.stream(gates).map(Channels::gate).collect(Collectors.joining(" "));
    }

    private static String gate(InflightDataGateOrPartitionRescalingDescriptor gate) {
        if (gate == InflightDataGateOrPartitionRescalingDescriptor.NO_STATE) {
            return "(no state)";
        }
        final Set<?> ambiguous =
                (Set<?>) Bare.get(InflightDataGateOrPartitionRescalingDescriptor.class, gate, "ambiguousSubtaskIndexes");
        return "(old" + list(gate.getOldSubtaskInstances())
                + " channels" + String.join("", rows(gate.getRescaleMappings()))
                + " ambiguous" + new TreeSet<>(ambiguous).toString().replace(",", "")
                + (gate.isIdentity() ? " identity)" : ")");
    }

    /** Rows up to the last that is not empty: what comes after means nothing, and Flink keeps some of it. */
    private static List<String> rows(RescaleMappings mappings) {
        final List<String> rows = new ArrayList<>();
        final int subtasks = Bare.getInt(RescaleMappings.class, mappings, "numberOfSources");
        for (int i = 0; i < subtasks; i++) {
            rows.add(list(mappings.getMappedIndexes(i)));
        }
        while (!rows.isEmpty() && rows.get(rows.size() - 1).equals("[]")) {
            rows.remove(rows.size() - 1);
        }
        return rows;
    }
}
