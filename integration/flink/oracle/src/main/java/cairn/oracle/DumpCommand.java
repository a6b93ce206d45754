package cairn.oracle;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** {@code dump FILE|DIR...}: one line of JSON for each file; in a directory, for each _metadata below it. */
final class DumpCommand {
    private DumpCommand() {}

    static void run(String[] arguments, PrintStream out) throws IOException {
        for (String argument : arguments) {
            for (Path file : files(Paths.get(argument))) {
                final Map<String, Object> line = Json.object("file", file.toString());
                line.putAll(Dump.file(file));
                out.println(Json.print(line));
            }
        }
    }

    static List<Path> files(Path path) throws IOException {
        if (!Files.isDirectory(path)) {
            return Collections.singletonList(path);
        }
        try (Stream<Path> below = Files.walk(path)) {
            return below.filter(file -> file.getFileName().toString().equals("_metadata"))
                    .sorted()
                    .collect(Collectors.toList());
        }
    }
}
