package dev.cairnstate.flinkdata;

import org.apache.flink.api.common.functions.MapFunction;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.runtime.checkpoint.MasterTriggerRestoreHook;
import org.apache.flink.streaming.api.checkpoint.WithMasterCheckpointHook;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/** Passes records on; its hook puts one string into the master states of every snapshot. */
final class MasterHook implements MapFunction<Tuple2<Integer, Long>, Tuple2<Integer, Long>>,
        WithMasterCheckpointHook<String> {
    @Override
    public Tuple2<Integer, Long> map(Tuple2<Integer, Long> tick) {
        return tick;
    }

    @Override
    public MasterTriggerRestoreHook<String> createMasterTriggerRestoreHook() {
        return new Hook();
    }

    private static final class Hook implements MasterTriggerRestoreHook<String> {
        @Override
        public String getIdentifier() {
            return "master-hook-🪨";
        }

        @Override
        public CompletableFuture<String> triggerCheckpoint(
                long checkpointId, long timestamp, Executor executor) {
            return CompletableFuture.completedFuture("checkpoint " + checkpointId);
        }

        @Override
        public void restoreCheckpoint(long checkpointId, String data) {
            if (!data.equals("checkpoint " + checkpointId)) {
                throw new IllegalStateException("checkpoint " + checkpointId + " has " + data);
            }
            Progress.restored("master hook");
        }

        @Override
        public SimpleVersionedSerializer<String> createCheckpointDataSerializer() {
            return new Text();
        }
    }

    private static final class Text implements SimpleVersionedSerializer<String> {
        @Override
        public int getVersion() {
            return 77;
        }

        @Override
        public byte[] serialize(String text) {
            return text.getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public String deserialize(int version, byte[] bytes) {
            return new String(bytes, StandardCharsets.UTF_8);
        }
    }
}
