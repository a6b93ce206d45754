package cairn.assign;

import java.io.PrintWriter;
import java.io.StringWriter;

/** What kind of no an exception of Flink is. Flink throws IllegalStateException for all; the text is what tells. */
enum Refusal {
    UNMAPPED("state without operator", "not available in the new program", "There is no operator"),
    MAX_PARALLELISM("max parallelism mismatch", "Max parallelism mismatch", "currently not supported"),
    TOO_HIGH("parallelism exceeds max parallelism of the state", "is lower than the configured parallelism"),
    FINISHED("finished operators do not fit the job graph", "Illegal JobGraph", "mixed"),
    UNRESCALABLE("in-flight data cannot be rescaled", "Cannot rescale the given pointwise", "Recovered a buffer from old"),
    CHAINED("in-flight data between operators that are now chained", "now chained");

    private final String kind;
    private final String[] texts;

    Refusal(String kind, String... texts) {
        this.kind = kind;
        this.texts = texts;
    }

    /** In the words of cairn; what is none of these is told whole, for it is no refusal but an accident. */
    static String of(Throwable thrown) {
        final String message = String.valueOf(thrown.getMessage());
        for (Refusal refusal : values()) {
            for (String text : refusal.texts) {
                if (message.contains(text)) {
                    return refusal.kind;
                }
            }
        }
        if (thrown instanceof ArrayIndexOutOfBoundsException
                && thrown.getStackTrace()[0].getMethodName().equals("findInputGateIdxForResultPartition")) {
            return UNRESCALABLE.kind; // a buffer of a partition that the job does not have any more
        }
        final StringWriter trace = new StringWriter();
        thrown.printStackTrace(new PrintWriter(trace));
        return "accident: " + trace;
    }
}
