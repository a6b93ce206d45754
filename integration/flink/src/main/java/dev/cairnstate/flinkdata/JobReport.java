package dev.cairnstate.flinkdata;

import org.apache.flink.runtime.jobgraph.JobEdge;
import org.apache.flink.runtime.jobgraph.JobGraph;
import org.apache.flink.runtime.jobgraph.JobVertex;
import org.apache.flink.streaming.api.graph.StreamGraph;
import org.apache.flink.streaming.api.graph.StreamGraphHasherV2;
import org.apache.flink.streaming.api.graph.StreamNode;
import org.apache.flink.util.StringUtils;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The job graph that Flink ran: what a snapshot of it must be mapped to. */
final class JobReport {
    private final Map<String, StreamNode> nodes = new HashMap<>();
    private final List<JobVertex> vertices;

    JobReport(StreamGraph streams, JobGraph job) {
        Map<Integer, byte[]> hashes =
                new StreamGraphHasherV2().traverseStreamGraphAndGenerateHashes(streams);
        for (StreamNode node : streams.getStreamNodes()) {
            byte[] hash = hashes.get(node.getId());
            nodes.put(StringUtils.byteToHexString(hash, 0, hash.length), node);
        }
        vertices = job.getVerticesSortedTopologicallyFromSources();
    }

    boolean hasOperator(String name) {
        return nodes.values().stream().anyMatch(node -> node.getOperatorName().equals(name));
    }

    Map<String, Object> report() {
        List<Object> reports = new ArrayList<>();
        for (JobVertex vertex : vertices) {
            reports.add(SnapshotReport.pairs(
                    "name", vertex.getName(),
                    "parallelism", vertex.getParallelism(),
                    "maxParallelism", vertex.getMaxParallelism(),
                    "operators", operators(vertex),
                    "inputs", inputs(vertex)));
        }
        return SnapshotReport.pairs("vertices", reports);
    }

    /** In Flink's order, which is from the last operator of the chain to the first. */
    private List<Object> operators(JobVertex vertex) {
        List<Object> reports = new ArrayList<>();
        for (Object[] ids : Generation.operatorIds(vertex)) {
            StreamNode node = nodes.get(ids[0].toString());
            reports.add(SnapshotReport.pairs(
                    "id", ids[0].toString(),
                    "userDefinedId", ids[1] == null ? null : ids[1].toString(),
                    "uid", node.getTransformationUID(),
                    "name", node.getOperatorName()));
        }
        return reports;
    }

    private List<Object> inputs(JobVertex vertex) {
        List<Object> reports = new ArrayList<>();
        for (JobEdge edge : vertex.getInputs()) {
            reports.add(SnapshotReport.pairs(
                    "source", vertices.indexOf(edge.getSource().getProducer()),
                    "pattern", edge.getDistributionPattern().toString(),
                    "partitioner", edge.getShipStrategyName(),
                    "downstreamMapper", text(edge, "getDownstreamSubtaskStateMapper"),
                    "upstreamMapper", text(edge, "getUpstreamSubtaskStateMapper")));
        }
        return reports;
    }

    /** How in-flight data follows the edge when the parallelism changes; since 1.13. */
    private static String text(JobEdge edge, String getter) {
        Object mapper = Optionals.get(edge, getter);
        return mapper == null ? null : mapper.toString();
    }
}
