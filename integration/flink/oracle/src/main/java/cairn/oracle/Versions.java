package cairn.oracle;

import org.apache.flink.runtime.util.EnvironmentInformation;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/** {@code versions}: which Flink this is, and which metadata versions it writes. */
final class Versions {
    private Versions() {}

    static void run(PrintStream out) {
        final List<Object> written = new ArrayList<>();
        for (int version = 3; version <= Metadata.newestVersion(); version++) {
            written.add(version);
        }
        out.println(Json.print(Json.object("flink", EnvironmentInformation.getVersion(), "writes", written)));
    }
}
