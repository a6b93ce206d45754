package dev.cairnstate.flinkdata;

import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.JsonNode;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Writes the README of the test data from the expected.json files: {@code Catalog directory}. */
final class Catalog {
    private static final String INTRODUCTION = "# What real Flink wrote\n\n"
            + "Made by `integration/flink/make-data.sh`, which also wrote this page. "
            + "`integration/flink/README.md` says how, and what the fields of `expected.json` "
            + "mean.\n\n"
            + "Each directory is `<release>/<case>`: all that Flink left there, and "
            + "`expected.json`, in which Flink's own reader of that release states what a correct "
            + "reader must find. Files are referenced by the absolute path of where they were "
            + "made, `/tmp/cairn-flink-data/<release>/<case>/...`; a test maps the prefix "
            + "`madeAt` to the directory of the case.\n";

    private Catalog() {}

    public static void main(String[] args) throws IOException {
        Path root = Paths.get(args[0]);
        StringBuilder text = new StringBuilder(INTRODUCTION);
        text.append(String.format("%n%d KB in all.%n", size(root) / 1000));
        for (Path release : children(root)) {
            List<JsonNode> cases = new ArrayList<>();
            for (Path directory : children(release)) {
                cases.add(Json.read(directory.resolve("expected.json")));
            }
            text.append(String.format("%n## Flink %s: metadata version %s, %d KB%n%n",
                    release.getFileName(), cases.get(0).at("/snapshots/0/metadataVersion"),
                    size(release) / 1000));
            text.append("| case | snapshots | features | handle classes |\n|---|---|---|---|\n");
            cases.forEach(data -> text.append(row(data)));
        }
        Files.write(root.resolve("README.md"), text.toString().getBytes(StandardCharsets.UTF_8));
    }

    private static String row(JsonNode data) {
        TreeSet<String> handles = new TreeSet<>();
        List<String> ids = new ArrayList<>();
        for (JsonNode snapshot : data.get("snapshots")) {
            snapshot.get("handles").fieldNames().forEachRemaining(handles::add);
            ids.add(snapshot.get("checkpointId").asText());
        }
        List<String> features = new ArrayList<>();
        data.get("features").forEach(feature -> features.add(feature.asText()));
        return String.format("| %s | %s | %s | %s |%n", data.get("case").asText(),
                String.join(", ", ids), String.join("; ", features), String.join(" ", handles));
    }

    private static List<Path> children(Path directory) throws IOException {
        try (Stream<Path> children = Files.list(directory)) {
            return children.filter(Files::isDirectory)
                    .sorted(Comparator.comparing(Catalog::sortable))
                    .collect(Collectors.toList());
        }
    }

    /** Numbers in names sort by value: 1.9 before 1.10. */
    private static String sortable(Path path) {
        return Stream.of(path.getFileName().toString().split("\\."))
                .map(part -> part.matches("\\d+") ? "000".substring(part.length()) + part : part)
                .collect(Collectors.joining("."));
    }

    private static long size(Path root) throws IOException {
        try (Stream<Path> tree = Files.walk(root)) {
            long bytes = 0;
            for (Path file : tree.filter(Files::isRegularFile).collect(Collectors.toList())) {
                bytes += Files.size(file);
            }
            return bytes;
        }
    }
}
