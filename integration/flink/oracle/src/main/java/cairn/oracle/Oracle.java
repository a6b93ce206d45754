package cairn.oracle;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The one program. Each subcommand works on many files, because starting a JVM costs more than reading them. */
public final class Oracle {
    private static final String USAGE =
            "usage: oracle versions\n"
                    + "       oracle dump FILE|DIR...\n"
                    + "       oracle generate SEED COUNT VERSION OUTDIR\n"
                    + "       oracle rewrite IN OUT VERSION\n"
                    + "       oracle bench\n"
                    + "       oracle benchfile HANDLES OUT\n";

    private Oracle() {}

    public static void main(String[] arguments) throws Exception {
        // Answers go to stdout and nothing else does: a logger that feels like printing must print elsewhere.
        final PrintStream out =
                new PrintStream(
                        new BufferedOutputStream(new FileOutputStream(FileDescriptor.out), 1 << 16),
                        false,
                        StandardCharsets.US_ASCII);
        System.setOut(System.err);
        if (arguments.length == 0) {
            System.err.print(USAGE);
            System.exit(2);
        }
        final String[] rest = Arrays.copyOfRange(arguments, 1, arguments.length);
        switch (arguments[0]) {
            case "versions":
                Versions.run(out);
                break;
            case "dump":
                DumpCommand.run(rest, out);
                break;
            case "generate":
                GenerateCommand.run(rest, out);
                break;
            case "rewrite":
                RewriteCommand.run(rest, out);
                break;
            case "bench":
                BenchCommand.run(System.in, out);
                break;
            case "benchfile":
                BenchFile.run(rest, out);
                break;
            default:
                System.err.print(USAGE);
                System.exit(2);
        }
        out.flush();
    }
}
