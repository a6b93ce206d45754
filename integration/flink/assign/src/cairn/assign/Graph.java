package cairn.assign;

import org.apache.flink.runtime.executiongraph.Execution;
import org.apache.flink.runtime.executiongraph.ExecutionJobVertex;
import org.apache.flink.runtime.executiongraph.ExecutionVertex;
import org.apache.flink.runtime.executiongraph.IntermediateResult;
import org.apache.flink.runtime.jobgraph.IntermediateDataSet;
import org.apache.flink.runtime.jobgraph.IntermediateDataSetID;
import org.apache.flink.runtime.jobgraph.JobEdge;
import org.apache.flink.runtime.jobgraph.JobVertex;
import org.apache.flink.runtime.scheduler.SchedulerBase;
import org.apache.flink.runtime.scheduler.VertexParallelismStore;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A job as the checkpoint coordinator sees it: vertices with subtasks that can be told what they restore. */
final class Graph {
    final List<ExecutionJobVertex> vertices = new ArrayList<>();

    private final Map<IntermediateDataSetID, IntermediateResult> results = new HashMap<>();

    Graph(List<JobVertex> jobVertices) {
        final VertexParallelismStore parallelisms = SchedulerBase.computeVertexParallelismStore(jobVertices);
        for (JobVertex vertex : jobVertices) {
            final ExecutionJobVertex bare = Bare.make(ExecutionJobVertex.class);
            set(bare, "jobVertex", vertex);
            set(bare, "parallelismInfo", parallelisms.getParallelismInfo(vertex.getID()));
            set(bare, "taskVertices", subtasks(vertex.getParallelism()));
            set(bare, "producedDataSets", produced(bare, vertex));
            vertices.add(bare);
        }
        for (int i = 0; i < jobVertices.size(); i++) {
            set(vertices.get(i), "inputs", inputs(jobVertices.get(i)));
        }
    }

    private static void set(ExecutionJobVertex vertex, String field, Object value) {
        Bare.set(ExecutionJobVertex.class, vertex, field, value);
    }

    private static ExecutionVertex[] subtasks(int parallelism) {
        final ExecutionVertex[] subtasks = new ExecutionVertex[parallelism];
        for (int i = 0; i < parallelism; i++) {
            subtasks[i] = Bare.make(ExecutionVertex.class);
            Bare.set(ExecutionVertex.class, subtasks[i], "currentExecution", Bare.make(Execution.class));
        }
        return subtasks;
    }

    private IntermediateResult[] produced(ExecutionJobVertex producer, JobVertex vertex) {
        final List<IntermediateResult> produced = new ArrayList<>();
        for (IntermediateDataSet dataSet : vertex.getProducedDataSets()) {
            final IntermediateResult result = Bare.make(IntermediateResult.class);
            Bare.set(IntermediateResult.class, result, "id", dataSet.getId());
            Bare.set(IntermediateResult.class, result, "producer", producer);
            results.put(dataSet.getId(), result);
            produced.add(result);
        }
        return produced.toArray(new IntermediateResult[0]);
    }

    private List<IntermediateResult> inputs(JobVertex vertex) {
        final List<IntermediateResult> inputs = new ArrayList<>();
        for (JobEdge edge : vertex.getInputs()) {
            inputs.add(results.get(edge.getSourceId()));
        }
        return inputs;
    }
}
