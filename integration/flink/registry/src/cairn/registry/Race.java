package cairn.registry;

import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.SharedStateRegistryImpl;

import java.util.List;

/**
 * What Flink's coordinator does with its registry: it registers what each subtask acknowledges, completes the checkpoint,
 * and unregisters what the checkpoint before had and this one has not. What is to be discarded is counted, and stays.
 */
final class Race {
    private Job job;
    private SharedStateRegistryImpl registry;
    private long checkpointId;
    private long discarded;

    void start(Job job) {
        this.job = job;
        this.registry = new SharedStateRegistryImpl(task -> discarded++);
        this.checkpointId = 0;
    }

    /** The states are made before the clock starts, and new each time, as if a message had brought them. */
    String checkpoint() {
        checkpointId++;
        discarded = 0;
        final List<OperatorSubtaskState> states = job.next(checkpointId);
        System.gc();
        final long start = System.nanoTime();
        for (OperatorSubtaskState state : states) {
            state.registerSharedStates(registry, checkpointId);
        }
        registry.checkpointCompleted(checkpointId);
        registry.unregisterUnusedState(checkpointId);
        final long nanos = System.nanoTime() - start;
        // Besides files, Flink has an entry for the state of each subtask, whose disposal does nothing.
        final long markers = checkpointId == 1 ? 0 : states.size();
        return nanos + " " + (discarded - markers);
    }

    /** What the heap loses when the registry goes. */
    long memory() {
        final long with = used();
        registry = null;
        return with - used();
    }

    private static long used() {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }
}
