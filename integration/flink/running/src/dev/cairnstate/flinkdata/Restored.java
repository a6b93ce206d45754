package dev.cairnstate.flinkdata;

import cairn.assign.Verdict;

import org.apache.flink.runtime.checkpoint.JobManagerTaskRestore;
import org.apache.flink.runtime.jobgraph.JobVertex;
import org.apache.flink.runtime.taskmanager.Task;

import java.util.ArrayList;
import java.util.List;

/** What the tasks of a job were told to restore, and what they hold. */
final class Restored {
    final List<String> told = new ArrayList<>();
    final List<String> held = new ArrayList<>();

    /** The job must have restored. */
    Restored(RunningJob job, Tasks tasks) throws Exception {
        final List<JobVertex> vertices = job.graph().getVerticesSortedTopologicallyFromSources();
        for (int i = 0; i < vertices.size(); i++) {
            vertex(i, vertices.get(i), tasks);
        }
    }

    private void vertex(int index, JobVertex vertex, Tasks tasks) throws Exception {
        final int before = told.size();
        for (int i = 0; i < vertex.getParallelism(); i++) {
            final String where = index + "/" + i;
            final Task task = tasks.of(vertex.getID(), i);
            final JobManagerTaskRestore restore = restoreOf(task);
            if (restore != null) {
                told.addAll(
                        Verdict.subtask(
                                where,
                                task.getTaskInfo().getMaxNumberOfParallelSubtasks(),
                                vertex.getOperatorIDs(),
                                restore.getTaskStateSnapshot()));
            }
            if (restore == null || !restore.getTaskStateSnapshot().isTaskDeployedAsFinished()) {
                held.addAll(Held.by(where, task));
            }
        }
        if (told.size() == before) {
            told.add(index + ": not restored");
        }
    }

    private static JobManagerTaskRestore restoreOf(Task task) {
        final Object manager = Fields.get(Task.class, task, "taskStateManager");
        return (JobManagerTaskRestore) Fields.get(manager.getClass(), manager, "jobManagerTaskRestore");
    }
}
