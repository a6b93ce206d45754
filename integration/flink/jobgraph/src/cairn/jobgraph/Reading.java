package cairn.jobgraph;

import org.apache.flink.configuration.GlobalConfiguration;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.util.TimeUtils;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/** What Flink reads: configuration files, durations, sizes. */
final class Reading {
    private Reading() {}

    interface Answers {
        void add(Object answer) throws IOException;
    }

    /** Each line is a folder with a config.yaml, or a duration, or a size, after a word that says which. */
    static void answer(BufferedReader in, Answers answers) throws IOException {
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            final int blank = line.indexOf(' ');
            final Map<String, Object> answer = new LinkedHashMap<>();
            try {
                answer.put("value", read(line.substring(0, blank), line.substring(blank + 1)));
            } catch (RuntimeException e) {
                answer.put("refused", String.valueOf(e.getMessage()));
            }
            answers.add(answer);
        }
    }

    private static Object read(String kind, String text) {
        switch (kind) {
            case "folder":
                return GlobalConfiguration.loadConfiguration(new File(text).getPath()).toMap();
            case "duration":
                return TimeUtils.parseDuration(text).toNanos();
            case "size":
                return MemorySize.parseBytes(text);
            default:
                throw new AssertionError(kind);
        }
    }
}
