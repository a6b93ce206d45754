package cairn.assign;

import static cairn.assign.Streams.join;
import static cairn.assign.Streams.list;
import static cairn.assign.Streams.sorted;

import org.apache.flink.runtime.OperatorIDPair;
import org.apache.flink.runtime.checkpoint.JobManagerTaskRestore;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.checkpoint.TaskStateSnapshot;
import org.apache.flink.runtime.executiongraph.ExecutionJobVertex;
import org.apache.flink.runtime.state.OperatorStateHandle;
import org.apache.flink.runtime.state.OperatorStateHandle.StateMetaInfo;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/** What Flink makes of a pair, as lines. Cairn's internal/verdict describes them, and writes its own. */
public final class Verdict {
    private final List<String> lines = new ArrayList<>();

    private Verdict() {}

    static List<String> of(Pair pair, String pointer) {
        String step = "validate";
        try {
            final Restore restore = new Restore(pair, pointer);
            restore.validate();
            step = "check finished";
            restore.checkFinished();
            step = "assign";
            restore.operation().assignStates();
            final Verdict verdict = new Verdict();
            for (int i = 0; i < restore.graph.vertices.size(); i++) {
                verdict.vertex(i, restore.graph.vertices.get(i));
            }
            return verdict.lines;
        } catch (Throwable refused) {
            return List.of("refused to " + step + ": " + Refusal.of(refused));
        }
    }

    /** What one subtask is told to restore. */
    public static List<String> subtask(
            String where, int maxParallelism, List<OperatorIDPair> operators, TaskStateSnapshot snapshot) {
        final Verdict verdict = new Verdict();
        verdict.add(where, maxParallelism, operators, snapshot);
        return verdict.lines;
    }

    private void vertex(int index, ExecutionJobVertex vertex) {
        final int before = lines.size();
        for (int i = 0; i < vertex.getParallelism(); i++) {
            final JobManagerTaskRestore restore =
                    vertex.getTaskVertices()[i].getCurrentExecutionAttempt().getTaskRestore();
            if (restore != null) {
                add(index + "/" + i, vertex.getMaxParallelism(), vertex.getOperatorIDs(), restore.getTaskStateSnapshot());
            }
        }
        if (lines.size() == before) {
            lines.add(index + ": not restored");
        }
    }

    private void add(String where, int maxParallelism, List<OperatorIDPair> operators, TaskStateSnapshot snapshot) {
        if (snapshot.isTaskDeployedAsFinished()) {
            lines.add(where + ": finished on restore");
            return;
        }
        lines.add(where + ": restored, max parallelism " + maxParallelism);
        for (int i = operators.size() - 1; i >= 0; i--) { // the head first
            operator(
                    where + " " + operators.get(i).getGeneratedOperatorID() + " ",
                    snapshot.getSubtaskStateByOperatorID(operators.get(i).getGeneratedOperatorID()));
        }
    }

    private void operator(String where, OperatorSubtaskState state) {
        add(where + "managed operator state", operatorStates(state.getManagedOperatorState()));
        add(where + "raw operator state", operatorStates(state.getRawOperatorState()));
        add(where + "managed keyed state", Keyed.all(state.getManagedKeyedState()));
        add(where + "raw keyed state", Keyed.all(state.getRawKeyedState()));
        add(where + "input channels", join(state.getInputChannelState(), Channels::text));
        add(where + "result subpartitions", join(state.getResultSubpartitionState(), Channels::text));
        add(where + "input rescaling", Channels.descriptor(state.getInputRescalingDescriptor()));
        add(where + "output rescaling", Channels.descriptor(state.getOutputRescalingDescriptor()));
        add(where + "upstream output buffers", sorted(state.getUpstreamOutputBufferState(), Channels::text));
    }

    private void add(String what, String value) {
        if (!value.isEmpty()) {
            lines.add(what + ": " + value);
        }
    }

    private static String operatorStates(Collection<OperatorStateHandle> handles) {
        final List<OperatorStateHandle> present =
                handles.stream().filter(Objects::nonNull).collect(Collectors.toList());
        return sorted(
                present,
                handle ->
                        Streams.text(handle.getDelegateStateHandle())
                                + "{" + sorted(handle.getStateNameToPartitionOffsets().entrySet(), Verdict::partitions) + "}");
    }

    private static String partitions(Map.Entry<String, StateMetaInfo> state) {
        return state.getKey() + ":" + state.getValue().getDistributionMode() + list(state.getValue().getOffsets());
    }
}
