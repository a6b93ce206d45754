package cairn.oracle;

import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.runtime.checkpoint.metadata.CheckpointMetadata;
import org.apache.flink.runtime.state.filesystem.FileStateHandle;

import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;

/**
 * {@code bench}: measures on request, so that another program can take turns with it on the same machine while this JVM
 * stays warm. Reads lines {@code decode|write|append|encode|store|file ITERATIONS FILE}, answers each with one line of JSON: the nanoseconds
 * of each iteration.
 */
final class BenchCommand {
    private BenchCommand() {}

    /** Something to be timed, whose result is kept from being optimised away. */
    private interface Work {
        Object run() throws IOException;
    }

    static void run(InputStream in, PrintStream out) throws IOException {
        final BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            final String[] words = line.split(" ", 3);
            final long[] nanos = measure(work(words[0], Paths.get(words[2])), Integer.parseInt(words[1]));
            out.println(Json.print(Json.object("nanos", Dump.numbers(nanos))));
            out.flush();
        }
    }

    private static Work work(String what, Path file) throws IOException {
        switch (what) {
            case "decode":
                final byte[] bytes = Files.readAllBytes(file);
                return () -> Metadata.load(new ByteArrayInputStream(bytes), Metadata.pointer(file));
            case "encode":
                final CheckpointMetadata metadata = Metadata.load(file);
                final int size = (int) Files.size(file);
                return () -> {
                    // Flink is given an array of the right size: growing one is not its fault.
                    final ByteArrayOutputStream out = new ByteArrayOutputStream(size);
                    Metadata.store(metadata, Metadata.newestVersion(), out);
                    return out;
                };
            case "append":
                final CheckpointMetadata again = Metadata.load(file);
                final ByteArrayOutputStream memory = new ByteArrayOutputStream((int) Files.size(file));
                return () -> {
                    memory.reset();
                    Metadata.store(again, Metadata.newestVersion(), memory);
                    return memory;
                };
            case "write":
                final CheckpointMetadata written = Metadata.load(file);
                return () -> {
                    final OutputStream nowhere = OutputStream.nullOutputStream();
                    Metadata.store(written, Metadata.newestVersion(), nowhere);
                    return nowhere;
                };
            case "store":
                final CheckpointMetadata stored = Metadata.load(file);
                final Path copy = file.resolveSibling("stored-by-flink");
                return () -> toFile(stored, copy);
            case "file":
                return () -> fromFile(file);
            default:
                throw new IllegalArgumentException("decode, write, append, encode, store or file, not " + what);
        }
    }

    /** As the coordinator loads: it opens the handle of the metadata file, and reads that stream as it comes. */
    private static Object fromFile(Path file) throws IOException {
        final FileStateHandle handle =
                new FileStateHandle(new org.apache.flink.core.fs.Path(file.toUri()), Files.size(file));
        try (InputStream in = handle.openInputStream()) {
            return Metadata.load(in, Metadata.pointer(file));
        }
    }

    /** Each number and each string goes to the stream of the local file system as it comes. */
    private static Object toFile(CheckpointMetadata metadata, Path file) throws IOException {
        final org.apache.flink.core.fs.Path target = new org.apache.flink.core.fs.Path(file.toUri());
        try (OutputStream out = target.getFileSystem().create(target, FileSystem.WriteMode.OVERWRITE)) {
            Metadata.store(metadata, Metadata.newestVersion(), out);
        }
        return target;
    }

    private static long[] measure(Work work, int iterations) throws IOException {
        final long[] nanos = new long[iterations];
        for (int i = 0; i < iterations; i++) {
            System.gc();
            final long start = System.nanoTime();
            final Object result = work.run();
            nanos[i] = System.nanoTime() - start;
            if (result == null) {
                throw new IllegalStateException("nothing came back");
            }
        }
        return nanos;
    }
}
