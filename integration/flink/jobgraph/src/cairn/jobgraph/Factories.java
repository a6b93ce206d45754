package cairn.jobgraph;

import org.apache.flink.streaming.api.functions.sink.legacy.SinkFunction;
import org.apache.flink.streaming.api.functions.source.legacy.ParallelSourceFunction;
import org.apache.flink.streaming.api.operators.AbstractStreamOperatorFactory;
import org.apache.flink.streaming.api.operators.OneInputStreamOperatorFactory;
import org.apache.flink.streaming.api.operators.StreamOperator;
import org.apache.flink.streaming.api.operators.StreamOperatorParameters;
import org.apache.flink.streaming.api.operators.TwoInputStreamOperatorFactory;
import org.apache.flink.streaming.api.operators.legacy.YieldingOperatorFactory;

/** Operators that are translated and never run. */
final class Factories {
    private Factories() {}

    static class Any extends AbstractStreamOperatorFactory<Long>
            implements OneInputStreamOperatorFactory<Long, Long>, TwoInputStreamOperatorFactory<Long, Long, Long> {
        @Override
        public <T extends StreamOperator<Long>> T createStreamOperator(StreamOperatorParameters<Long> parameters) {
            throw new IllegalStateException("never run");
        }

        @Override
        @SuppressWarnings("rawtypes")
        public Class<? extends StreamOperator> getStreamOperatorClass(ClassLoader loader) {
            return StreamOperator.class;
        }
    }

    /** One that runs mails between records, as async I/O does; it may not be chained to a legacy source. */
    static final class Yielding extends Any implements YieldingOperatorFactory<Long> {}

    static final class LegacySource implements ParallelSourceFunction<Long> {
        @Override
        public void run(SourceContext<Long> context) {}

        @Override
        public void cancel() {}
    }

    static final class Sink implements SinkFunction<Long> {}
}
