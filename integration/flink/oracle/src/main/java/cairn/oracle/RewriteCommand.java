package cairn.oracle;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;

/**
 * {@code rewrite IN OUT VERSION}: Flink loads a file and stores what it understood. Directories are rewritten file by file
 * into the same tree below OUT; VERSION 0 keeps the version of each file.
 */
final class RewriteCommand {
    private RewriteCommand() {}

    static void run(String[] arguments, PrintStream out) throws IOException {
        final Path in = Paths.get(arguments[0]);
        final Path to = Paths.get(arguments[1]);
        final int version = Integer.parseInt(arguments[2]);
        int count = 0;
        for (Path file : DumpCommand.files(in)) {
            final Path target = Files.isDirectory(in) ? to.resolve(in.relativize(file)) : to;
            Metadata.store(Metadata.load(file), version == 0 ? Metadata.version(file) : version, target);
            count++;
        }
        out.println(Json.print(Json.object("rewritten", count)));
    }
}
