package cairn.oracle;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;

/**
 * {@code generate SEED COUNT VERSION OUTDIR}: random checkpoints that Flink wrote, OUTDIR/0000/_metadata and on, each with
 * a dump.json of what Flink reads from it. Prints how often each feature was hit.
 */
final class GenerateCommand {
    private GenerateCommand() {}

    static void run(String[] arguments, PrintStream out) throws IOException {
        final long seed = Long.parseLong(arguments[0]);
        final int count = Integer.parseInt(arguments[1]);
        final int version = Integer.parseInt(arguments[2]);
        final Path directory = Paths.get(arguments[3]);
        final Features features = new Features();
        for (int i = 0; i < count; i++) {
            final Path file = directory.resolve(String.format("%04d", i)).resolve("_metadata");
            Metadata.store(new RandomMetadata(seed + i, version, features).next(), version, file);
            final String dump = Json.print(Dump.file(file));
            if (dump.startsWith("{\"error\"")) {
                throw new IllegalStateException("Flink cannot read what it wrote: " + file + ": " + dump);
            }
            Files.write(file.resolveSibling("dump.json"), (dump + "\n").getBytes(StandardCharsets.US_ASCII));
        }
        out.println(Json.print(features.counts()));
    }
}
