package dev.cairnstate.flinkdata;

import org.apache.flink.runtime.minicluster.MiniCluster;

import java.util.Collection;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** The way into a cluster, to what schedules a job. */
final class Inside {
    private Inside() {}

    static Object scheduler(RunningJob running) throws Exception {
        return Fields.follow(jobMaster(running), "schedulerNG");
    }

    private static Object jobMaster(RunningJob running) throws Exception {
        final Collection<?> components =
                (Collection<?>) Fields.get(MiniCluster.class, running.cluster, "dispatcherResourceManagerComponents");
        final Object registry = Fields.follow(
                components.iterator().next(), "dispatcherRunner", "dispatcherLeaderProcess", "dispatcherService", "dispatcher",
                "jobManagerRunnerRegistry", "delegate", "jobManagerRunners");
        final Object master = Fields.follow(
                ((Map<?, ?>) registry).get(running.id), "jobMasterServiceProcess", "jobMasterServiceFuture");
        return ((CompletableFuture<?>) master).get();
    }
}
