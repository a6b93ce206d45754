package dev.cairnstate.flinkdata;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The completed checkpoints of one job, by what is on disk: this works with every release. */
final class Checkpoints {
    private final Path base;

    /** @param base the directory that holds the chk-N directories */
    Checkpoints(Path base) {
        this.base = base;
    }

    /** Oldest first. */
    List<Path> completed() throws IOException {
        if (!Files.exists(base)) {
            return new ArrayList<>();
        }
        try (Stream<Path> children = Files.list(base)) {
            return children
                    .filter(child -> Files.exists(child.resolve("_metadata")))
                    .sorted(Comparator.comparingLong(Checkpoints::number))
                    .collect(Collectors.toList());
        }
    }

    /** The number of the newest one, 0 if there is none. */
    long newestNumber() throws IOException {
        List<Path> completed = completed();
        return completed.isEmpty() ? 0 : number(completed.get(completed.size() - 1));
    }

    private static long number(Path checkpoint) {
        return Long.parseLong(checkpoint.getFileName().toString().substring("chk-".length()));
    }
}
