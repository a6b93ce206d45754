package cairn.oracle;

import static cairn.oracle.Json.object;

import org.apache.flink.runtime.checkpoint.metadata.CheckpointMetadata;

import java.util.Map;

/** The properties that versions from 4 on carry. */
final class Properties {
    private static final String[] FLAGS = {
        "forced",
        "discardSubsumed",
        "discardFinished",
        "discardCancelled",
        "discardFailed",
        "discardSuspended",
        "unclaimed"
    };

    private Properties() {}

    static Object dump(CheckpointMetadata metadata) {
        final Object properties =
                Call.has(CheckpointMetadata.class, "getCheckpointProperties")
                        ? Call.on(metadata, "getCheckpointProperties")
                        : null;
        if (properties == null) {
            return null;
        }
        final Map<String, Object> dump = object();
        for (String flag : FLAGS) {
            dump.put(flag, Call.field(properties, flag));
        }
        dump.put("type", type(Call.on(properties, "getCheckpointType")));
        return dump;
    }

    private static Object type(Object type) {
        final Map<String, Object> dump =
                object("class", type.getClass().getSimpleName(), "name", Call.on(type, "getName"));
        dump.put("sharingFilesStrategy", Call.on(type, "getSharingFilesStrategy").toString());
        if (Call.has(type.getClass(), "getFormatType")) {
            dump.put("formatType", ((Enum<?>) Call.on(type, "getFormatType")).name());
            dump.put("postCheckpointAction", ((Enum<?>) Call.on(type, "getPostCheckpointAction")).name());
        }
        return dump;
    }
}
