package cairn.assign;

import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.core.JsonFactory;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.core.StreamReadConstraints;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.JsonNode;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.ObjectMapper;

import java.io.BufferedReader;
import java.io.File;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Answers each line on stdin, a {@link Pair} in JSON, with one line on stdout. */
public final class Main {
    /** A checkpoint of a million handles is one string of JSON; Jackson's own limit is for strangers. */
    private static final ObjectMapper JSON =
            new ObjectMapper(
                    JsonFactory.builder()
                            .streamReadConstraints(
                                    StreamReadConstraints.builder().maxStringLength(Integer.MAX_VALUE).build())
                            .build());

    private Main() {}

    public static void main(String[] arguments) throws IOException {
        // Answers go to stdout and nothing else does: a logger that feels like printing must print elsewhere.
        final PrintStream out =
                new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
        System.setOut(System.err);
        final boolean race = arguments.length == 1 && arguments[0].equals("race");
        if (!race && !(arguments.length == 1 && arguments[0].equals("pairs"))) {
            System.err.println("usage: cairn.assign.Main pairs|race");
            System.exit(2);
        }
        final BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        final Path nowhere = Files.createTempDirectory("cairn-assign-");
        Files.createFile(nowhere.resolve("_metadata")); // Flink looks whether a pointer points to one
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            final JsonNode json = JSON.readTree(line);
            final Object answer =
                    race ? race(json, nowhere.toString()) : Verdict.of(new Pair(json), nowhere.toString());
            out.write((JSON.writeValueAsString(answer) + "\n").getBytes(StandardCharsets.UTF_8));
            out.flush();
        }
        Files.delete(nowhere.resolve("_metadata"));
        Files.delete(nowhere);
    }

    /** The pair is in a file, for it may be large. */
    private static long[] race(JsonNode json, String pointer) throws IOException {
        final Pair pair = new Pair(JSON.readTree(new File(json.get("file").textValue())));
        return Race.run(pair, pointer, json.get("iterations").intValue());
    }
}
