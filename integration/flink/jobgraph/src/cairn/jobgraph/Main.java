package cairn.jobgraph;

import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.ObjectMapper;

import java.io.BufferedOutputStream;
import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * {@code SEED COUNT}: prints a line of JSON for each seed from SEED on: a program, and what Flink makes of it. {@code
 * options} prints the options that Flink has, with their defaults and former keys; {@code read} answers each line on stdin with what Flink reads in it, see {@link Reading}.
 */
public final class Main {
    private static final ObjectMapper JSON = new ObjectMapper();

    private Main() {}

    public static void main(String[] arguments) throws IOException {
        // Answers go to stdout and nothing else does: a logger that feels like printing must print elsewhere.
        final PrintStream out =
                new PrintStream(
                        new BufferedOutputStream(new FileOutputStream(FileDescriptor.out), 1 << 16),
                        false,
                        StandardCharsets.UTF_8);
        System.setOut(System.err);
        if (arguments.length == 1 && arguments[0].equals("options")) {
            out.println(JSON.writeValueAsString(Options.all()));
            out.flush();
            return;
        }
        if (arguments.length == 1 && arguments[0].equals("read")) {
            Reading.answer(
                    new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)),
                    answer -> out.println(JSON.writeValueAsString(answer)));
            out.flush();
            return;
        }
        if (arguments.length != 2) {
            System.err.println("usage: cairn.jobgraph.Main SEED COUNT|options|read");
            System.exit(2);
        }
        final long first = Long.parseLong(arguments[0]);
        for (long seed = first; seed < first + Long.parseLong(arguments[1]); seed++) {
            out.println(JSON.writeValueAsString(answer(seed)));
        }
        out.flush();
    }

    private static Map<String, Object> answer(long seed) {
        final Program program = new Program(seed);
        final Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("seed", seed);
        answer.put("program", program.text);
        try {
            answer.put("result", Result.of(program.run()));
        } catch (IllegalArgumentException | IllegalStateException | UnsupportedOperationException e) {
            answer.put("refused", e.getClass().getSimpleName() + ": " + e.getMessage());
        }
        return answer;
    }
}
