package cairn.assign;

import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.JsonNode;

import org.apache.flink.runtime.OperatorIDPair;
import org.apache.flink.runtime.io.network.api.writer.SubtaskStateMapper;
import org.apache.flink.runtime.io.network.partition.ResultPartitionType;
import org.apache.flink.runtime.jobgraph.DistributionPattern;
import org.apache.flink.runtime.jobgraph.IntermediateDataSetID;
import org.apache.flink.runtime.jobgraph.JobEdge;
import org.apache.flink.runtime.jobgraph.JobVertex;
import org.apache.flink.runtime.jobgraph.JobVertexID;
import org.apache.flink.runtime.jobgraph.OperatorID;
import org.apache.flink.util.StringUtils;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** A checkpoint and the job that it is to be restored into. Cairn's internal/verdict writes it; its Case says the fields. */
final class Pair {
    final boolean allowNonRestored;
    final boolean recoverOutputDownstream;
    final byte[] checkpoint;
    final String pointer; // where the checkpoint is said to be; null if nowhere
    final int[] order; // in which Flink's hash map of vertices is to be walked
    final List<JobVertex> vertices = new ArrayList<>();

    Pair(JsonNode json) throws IOException {
        allowNonRestored = json.path("allowNonRestored").asBoolean();
        recoverOutputDownstream = json.path("recoverOutputDownstream").asBoolean();
        pointer = json.path("pointer").textValue();
        checkpoint = json.get("checkpoint").binaryValue();
        for (JsonNode vertex : json.get("vertices")) {
            vertices.add(vertex(vertex));
        }
        for (int i = 0; i < vertices.size(); i++) {
            connect(vertices.get(i), json.get("vertices").get(i).path("inputs"));
        }
        order = new int[vertices.size()];
        for (int i = 0; i < order.length; i++) {
            order[i] = json.has("order") ? json.get("order").get(i).intValue() : i;
        }
    }

    private static JobVertex vertex(JsonNode json) {
        final List<OperatorIDPair> operators = new ArrayList<>();
        for (JsonNode operator : json.get("operators")) {
            final JsonNode userDefined = operator.path("userDefined");
            operators.add(
                    OperatorIDPair.of(
                            new OperatorID(id(operator.get("id"))),
                            userDefined.isTextual() ? new OperatorID(id(userDefined)) : null,
                            null,
                            null));
        }
        Collections.reverse(operators); // Flink lists a chain from its tail
        final JobVertex vertex = new JobVertex("vertex", new JobVertexID(id(json.get("id"))), operators);
        vertex.setParallelism(json.get("parallelism").intValue());
        vertex.setMaxParallelism(json.path("maxParallelism").asInt(JobVertex.MAX_PARALLELISM_DEFAULT));
        return vertex;
    }

    private static byte[] id(JsonNode hex) {
        return StringUtils.hexStringToByte(hex.textValue());
    }

    private void connect(JobVertex vertex, JsonNode inputs) {
        for (JsonNode input : inputs) {
            final JobEdge edge =
                    vertex.connectNewDataSetAsInput(
                            vertices.get(input.get("from").intValue()),
                            DistributionPattern.valueOf(input.get("pattern").textValue()),
                            ResultPartitionType.PIPELINED_BOUNDED,
                            new IntermediateDataSetID(),
                            false,
                            false);
            edge.setUpstreamSubtaskStateMapper(SubtaskStateMapper.valueOf(input.get("upstream").textValue()));
            edge.setDownstreamSubtaskStateMapper(SubtaskStateMapper.valueOf(input.get("downstream").textValue()));
        }
    }
}
