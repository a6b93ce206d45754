package dev.cairnstate.flinkdata;

import cairn.assign.Bare;

import org.apache.flink.runtime.jobgraph.JobVertexID;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.taskexecutor.TaskExecutor;
import org.apache.flink.runtime.taskexecutor.slot.TaskSlotTable;
import org.apache.flink.runtime.taskmanager.Task;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * All tasks that a cluster ran. Its own table forgets a task that has finished, and one that finds nothing left to do
 * finishes at once; so this stands before the table and takes a note of what is put there.
 */
final class Tasks {
    private final Map<String, Task> tasks = new ConcurrentHashMap<>();

    private final Consumer<Task> beforeItRuns;

    /**
     * @param cluster that was started, and has no job yet
     * @param beforeItRuns is given each task
     */
    Tasks(MiniCluster cluster, Consumer<Task> beforeItRuns) {
        this.beforeItRuns = beforeItRuns;
        for (Object executor : (List<?>) Fields.get(MiniCluster.class, cluster, "taskManagers")) {
            final Object table = Fields.get(TaskExecutor.class, executor, "taskSlotTable");
            Bare.set(TaskExecutor.class, executor, "taskSlotTable", noting(table));
        }
    }

    private Object noting(Object table) {
        return Proxy.newProxyInstance(
                TaskSlotTable.class.getClassLoader(),
                new Class<?>[] {TaskSlotTable.class},
                (proxy, method, arguments) -> {
                    if (method.getName().equals("addTask")) {
                        note((Task) arguments[0]);
                    }
                    try {
                        return method.invoke(table, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private void note(Task task) {
        beforeItRuns.accept(task);
        tasks.put(key(task.getJobVertexId(), task.getTaskInfo().getIndexOfThisSubtask()), task);
    }

    Task of(JobVertexID vertex, int subtask) {
        return tasks.get(key(vertex, subtask));
    }

    private static String key(JobVertexID vertex, int subtask) {
        return vertex + "/" + subtask;
    }
}
