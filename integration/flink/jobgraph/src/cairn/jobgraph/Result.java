package cairn.jobgraph;

import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.runtime.OperatorIDPair;
import org.apache.flink.runtime.jobgraph.IntermediateDataSetID;
import org.apache.flink.runtime.jobgraph.JobEdge;
import org.apache.flink.runtime.jobgraph.JobGraph;
import org.apache.flink.runtime.jobgraph.JobVertex;
import org.apache.flink.runtime.jobgraph.SavepointRestoreSettings;
import org.apache.flink.runtime.jobgraph.tasks.CheckpointCoordinatorConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.graph.NonChainedOutput;
import org.apache.flink.streaming.api.graph.StreamConfig;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What Flink made of a program. */
final class Result {
    private Result() {}

    static Map<String, Object> of(StreamExecutionEnvironment env) {
        final ReadableConfig config = env.getConfiguration();
        final JobGraph graph = env.getStreamGraph().getJobGraph();
        final Map<IntermediateDataSetID, Boolean> unaligned = new HashMap<>();
        for (JobVertex vertex : graph.getVertices()) {
            for (NonChainedOutput output :
                    new StreamConfig(vertex.getConfiguration())
                            .getVertexNonChainedOutputs(Result.class.getClassLoader())) {
                unaligned.put(output.getDataSetId(), output.supportsUnalignedCheckpoints());
            }
        }
        final List<Object> vertices = new ArrayList<>();
        graph.getVertices().forEach(vertex -> vertices.add(vertex(vertex, unaligned)));
        return object(
                "vertices", vertices,
                "coordinator", coordinator(graph.getCheckpointingSettings().getCheckpointCoordinatorConfiguration()),
                "restore", restore(graph.getSavepointRestoreSettings()),
                "options", options(env, config));
    }

    private static Object vertex(JobVertex vertex, Map<IntermediateDataSetID, Boolean> unaligned) {
        final List<Object> operators = new ArrayList<>();
        for (OperatorIDPair pair : vertex.getOperatorIDs()) {
            operators.add(
                    object(
                            "id", pair.getGeneratedOperatorID().toString(),
                            "userDefined", pair.getUserDefinedOperatorID().map(Object::toString).orElse(""),
                            "name", pair.getUserDefinedOperatorName(),
                            "uid", pair.getUserDefinedOperatorUid() == null ? "" : pair.getUserDefinedOperatorUid()));
        }
        final List<Object> inputs = new ArrayList<>();
        vertex.getInputs().forEach(edge -> inputs.add(input(edge, unaligned)));
        return object(
                "id", vertex.getID().toString(),
                "name", vertex.getName(),
                "parallelism", vertex.getParallelism(),
                "maxParallelism", Math.max(0, vertex.getMaxParallelism()),
                "slotSharingGroup", vertex.getSlotSharingGroup().getSlotSharingGroupName(),
                "operators", operators,
                "inputs", inputs);
    }

    private static Object input(JobEdge edge, Map<IntermediateDataSetID, Boolean> unaligned) {
        return object(
                "from", edge.getSource().getProducer().getID().toString(),
                "output", edge.getSource().getProducer().getProducedDataSets().indexOf(edge.getSource()),
                "input", edge.getTypeNumber(),
                "partitioner", edge.getShipStrategyName(),
                "exchange", edge.getSource().getResultType().name(),
                "pattern", edge.getDistributionPattern().name(),
                "upstream", edge.getUpstreamSubtaskStateMapper().name(),
                "downstream", edge.getDownstreamSubtaskStateMapper().name(),
                "supportsUnaligned", unaligned.get(edge.getSourceId()));
    }

    private static Object coordinator(CheckpointCoordinatorConfiguration config) {
        return object(
                "interval", config.getCheckpointInterval(),
                "intervalDuringBacklog", config.getCheckpointIntervalDuringBacklog(),
                "timeout", config.getCheckpointTimeout(),
                "minPause", config.getMinPauseBetweenCheckpoints(),
                "maxConcurrent", config.getMaxConcurrentCheckpoints(),
                "retention", config.getCheckpointRetentionPolicy().name(),
                "exactlyOnce", config.isExactlyOnce(),
                "tolerableFailures", config.getTolerableCheckpointFailureNumber(),
                "unaligned", config.isUnalignedCheckpointsEnabled(),
                "alignedTimeout", config.getAlignedCheckpointTimeout(),
                "ignoredInFlight", config.getCheckpointIdOfIgnoredInFlightData(),
                "afterTasksFinish", config.isEnableCheckpointsAfterTasksFinish(),
                "recoverOutputOnDownstream", config.isRecoverOutputOnDownstreamTask());
    }

    private static Object restore(SavepointRestoreSettings settings) {
        return object(
                "path", settings.restoreSavepoint() ? settings.getRestorePath() : "",
                "ignoreUnclaimed", settings.allowNonRestoredState(),
                "claimMode", settings.getRecoveryClaimMode().name());
    }

    private static Object options(StreamExecutionEnvironment env, ReadableConfig config) {
        final String checkpoints = config.get(CheckpointingOptions.CHECKPOINTS_DIRECTORY);
        final String savepoints = config.get(CheckpointingOptions.SAVEPOINT_DIRECTORY);
        return object(
                "directory", checkpoints == null ? "" : checkpoints,
                "savepointDirectory", savepoints == null ? "" : savepoints,
                "inlineThreshold", config.get(CheckpointingOptions.FS_SMALL_FILE_THRESHOLD).getBytes(),
                "writeBuffer", config.get(CheckpointingOptions.FS_WRITE_BUFFER_SIZE),
                "createSubdir", config.get(CheckpointingOptions.CREATE_CHECKPOINT_SUB_DIR),
                "numRetained", config.get(CheckpointingOptions.MAX_RETAINED_CHECKPOINTS),
                "maxSubtasks", env.getCheckpointConfig().getMaxSubtasksPerChannelStateFile(),
                "pauseSources", env.getCheckpointConfig().isPauseSourcesUntilFirstCheckpoint(),
                "forceUnaligned", env.getCheckpointConfig().isForceUnalignedCheckpoints());
    }

    private static Map<String, Object> object(Object... pairs) {
        final Map<String, Object> object = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            object.put((String) pairs[i], pairs[i + 1]);
        }
        return object;
    }
}
