package cairn.oracle;

import org.apache.flink.runtime.checkpoint.Checkpoints;
import org.apache.flink.runtime.checkpoint.metadata.CheckpointMetadata;
import org.apache.flink.runtime.checkpoint.metadata.MetadataSerializer;
import org.apache.flink.runtime.checkpoint.metadata.MetadataSerializers;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Loading and storing, by Flink. */
final class Metadata {
    private Metadata() {}

    /** Reads a file as Flink would on restore: relative handles are resolved against the directory that holds it. */
    static CheckpointMetadata load(Path file) throws IOException {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
            return load(in, pointer(file));
        }
    }

    static CheckpointMetadata load(InputStream in, String pointer) throws IOException {
        return Checkpoints.loadCheckpointMetadata(
                new DataInputStream(in), Metadata.class.getClassLoader(), pointer);
    }

    /** The file itself, not its directory: test resources of Flink are single files with other names than _metadata. */
    static String pointer(Path file) {
        return file.toUri().toString();
    }

    /** The version in the header. */
    static int version(Path file) throws IOException {
        try (DataInputStream in = new DataInputStream(Files.newInputStream(file))) {
            in.readInt();
            return in.readInt();
        }
    }

    static void store(CheckpointMetadata metadata, int version, Path file) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
            store(metadata, version, out);
        }
    }

    static void store(CheckpointMetadata metadata, int version, OutputStream out) throws IOException {
        final MetadataSerializer serializer = MetadataSerializers.getSerializer(version);
        final DataOutputStream data = new DataOutputStream(out);
        if (writesAnyVersion()) {
            Call.of("checkpoint.Checkpoints", "storeCheckpointMetadata", metadata, data, serializer);
        } else if (version == newestVersion()) {
            Checkpoints.storeCheckpointMetadata(metadata, data);
        } else {
            throw new IllegalArgumentException("this Flink writes version " + newestVersion() + " only");
        }
        data.flush();
    }

    /** The version that this Flink writes when nobody asks for another. */
    static int newestVersion() {
        int version = 3;
        while (Call.exists("checkpoint.metadata.MetadataV" + (version + 1) + "Serializer")) {
            version++;
        }
        return version;
    }

    /** Until 1.15 there was a single writer. */
    private static boolean writesAnyVersion() {
        return newestVersion() > 3;
    }
}
