package cairn.registry;

import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * Answers each line on stdin with one on stdout: "job HANDLES PLACEHOLDERS SHUFFLED" starts a job with an empty registry,
 * "checkpoint" has it take one and answers "NANOS DISCARDED", "memory" ends the job and answers how many bytes its
 * registry held.
 */
public final class Main {
    private Main() {}

    public static void main(String[] arguments) throws IOException {
        // Answers go to stdout and nothing else does: a logger that feels like printing must print elsewhere.
        final PrintStream out =
                new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
        System.setOut(System.err);
        final BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        final Race race = new Race();
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            out.println(answer(race, line.split(" ")));
        }
    }

    private static String answer(Race race, String[] words) {
        switch (words[0]) {
            case "job":
                race.start(new Job(Integer.parseInt(words[1]), Boolean.parseBoolean(words[2]), Boolean.parseBoolean(words[3])));
                return "ready";
            case "checkpoint":
                return race.checkpoint();
            case "memory":
                return Long.toString(race.memory());
            default:
                throw new IllegalArgumentException(words[0]);
        }
    }
}
