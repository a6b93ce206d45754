package dev.cairnstate.flinkdata;

import org.apache.flink.api.common.operators.MailboxExecutor;
import org.apache.flink.api.common.state.BroadcastState;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.runtime.state.DefaultOperatorStateBackend;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;
import org.apache.flink.runtime.state.KeyedStateBackend;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.taskmanager.Task;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.InternalTimeServiceManagerImpl;
import org.apache.flink.streaming.api.operators.StreamOperator;
import org.apache.flink.streaming.runtime.tasks.OperatorChain;
import org.apache.flink.streaming.runtime.tasks.StreamOperatorWrapper;
import org.apache.flink.streaming.runtime.tasks.StreamTask;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** What the state backends of a running task hold, element by element. The task itself looks: nobody else may. */
final class Held {
    /** More elements than these are counted only. */
    private static final int FEW = 200;

    private final List<String> lines = new ArrayList<>();
    private final String where;
    private final int maxParallelism;

    private Held(String where, int maxParallelism) {
        this.where = where;
        this.maxParallelism = maxParallelism;
    }

    static List<String> by(String where, Task task) throws Exception {
        final StreamTask<?, ?> running = (StreamTask<?, ?>) Fields.get(Task.class, task, "invokable");
        final Held held = new Held(where, task.getTaskInfo().getMaxNumberOfParallelSubtasks());
        if (running == null) {
            return held.lines; // it has finished
        }
        final MailboxExecutor mailbox =
                (MailboxExecutor) Fields.get(StreamTask.class, running, "mainMailboxExecutor");
        try {
            mailbox.submit(() -> held.look(running), "look at state").get();
        } catch (RejectedExecutionException | CancellationException finished) {
            held.lines.clear(); // and what it held should have been nothing
        }
        return held.lines;
    }

    private Void look(StreamTask<?, ?> task) throws Exception {
        final Object chain = Fields.get(StreamTask.class, task, "operatorChain");
        for (StreamOperatorWrapper<?, ?> wrapper : operators((OperatorChain<?, ?>) chain)) {
            final StreamOperator<?> operator = wrapper.getStreamOperator();
            if (operator instanceof AbstractStreamOperator) {
                look((AbstractStreamOperator<?>) operator);
            }
        }
        return null;
    }

    @SuppressWarnings("unchecked")
    private static Iterable<StreamOperatorWrapper<?, ?>> operators(OperatorChain<?, ?> chain) throws Exception {
        final java.lang.reflect.Method all = OperatorChain.class.getDeclaredMethod("getAllOperators");
        all.setAccessible(true);
        return (Iterable<StreamOperatorWrapper<?, ?>>) all.invoke(chain);
    }

    private void look(AbstractStreamOperator<?> operator) throws Exception {
        final String of = where + " " + operator.getOperatorID() + " ";
        if (operator.getOperatorStateBackend() instanceof DefaultOperatorStateBackend) {
            operatorState(of, (DefaultOperatorStateBackend) operator.getOperatorStateBackend());
        }
        final KeyedStateBackend<Object> keyed = operator.getKeyedStateBackend();
        if (keyed == null) {
            return;
        }
        final List<Object> keys = keyed.getKeys("count", VoidNamespace.INSTANCE).collect(Collectors.toList());
        if (!keys.isEmpty()) {
            lines.add(of + "keys: " + keys.stream().map(this::key).sorted().collect(Collectors.joining(" ")));
            final Object timers = Fields.get(AbstractStreamOperator.class, operator, "timeServiceManager");
            lines.add(of + "timers: " + ((InternalTimeServiceManagerImpl<?>) timers).numProcessingTimeTimers());
        }
    }

    /** A key with its key group. */
    private String key(Object key) {
        return key + "@" + KeyGroupRangeAssignment.assignToKeyGroup(key, maxParallelism);
    }

    private void operatorState(String of, DefaultOperatorStateBackend backend) throws Exception {
        for (Map.Entry<?, ?> list : map(backend, "registeredOperatorStates").entrySet()) {
            elements(of + "list " + list.getKey(), ((ListState<?>) list.getValue()).get());
        }
        for (Map.Entry<?, ?> broadcast : map(backend, "registeredBroadcastStates").entrySet()) {
            elements(
                    of + "broadcast " + broadcast.getKey(), ((BroadcastState<?, ?>) broadcast.getValue()).entries());
        }
    }

    private static Map<?, ?> map(DefaultOperatorStateBackend backend, String field) {
        return (Map<?, ?>) Fields.get(DefaultOperatorStateBackend.class, backend, field);
    }

    private void elements(String what, Iterable<?> values) {
        final List<String> texts =
                StreamSupport.stream(values.spliterator(), false)
                        .map(value -> value instanceof String ? (String) value : "")
                        .sorted()
                        .collect(Collectors.toList());
        if (!texts.isEmpty()) {
            lines.add(what + ": " + texts.size() + (texts.size() > FEW ? "" : " " + String.join("|", texts)));
        }
    }
}
