package cairn.oracle;

import org.apache.flink.core.fs.Path;

import java.util.Random;
import java.util.UUID;

/** Random values with a taste for the corners: what the type allows, not what a cluster would do on a good day. */
final class Dice {
    private static final String[] ODD = {
        "", "a", "_default_", "with space", "per%20cent", "naïve", "チェックポイント", "🪨", "a\u0000b", "\u007f\u0080\u07ff\u0800\uffff",
        "x🪨\u0000é/y", "quote\"back\\slash", "\t\n"
    };

    private static final String[] BASES = {
        "s3://bucket/checkpoints/", "s3a://bucket/", "gs://b/", "file:/tmp/flink/", "hdfs://namenode:8020/ck/",
        "abfss://c@account.dfs.core.windows.net/", "oss://b/a b/", "/no/scheme/", "file:/größe/🪨/", "s3://b/100%25/#?&+/"
    };

    private static final long[] LONGS = {0, 1, -1, 255, 65536, Integer.MAX_VALUE, 1L << 40, Long.MAX_VALUE, Long.MIN_VALUE};

    final Random random;
    private final Features features;

    Dice(long seed, Features features) {
        this.random = new Random(seed);
        this.features = features;
    }

    boolean chance(double probability) {
        return random.nextDouble() < probability;
    }

    /** From 0 to the limit, both included. */
    int upTo(int limit) {
        return random.nextInt(limit + 1);
    }

    long anyLong() {
        return chance(0.3) ? LONGS[random.nextInt(LONGS.length)] : random.nextInt(1 << 20);
    }

    long naturalLong() {
        return anyLong() & Long.MAX_VALUE;
    }

    int anyInt() {
        return (int) anyLong();
    }

    int naturalInt() {
        return anyInt() & Integer.MAX_VALUE;
    }

    /** A file's size: natural, or -1 for a file system that would not say. */
    long size() {
        return chance(0.03) ? -1 : naturalLong();
    }

    long[] longs(int count) {
        final long[] longs = new long[count];
        for (int i = 0; i < count; i++) {
            longs[i] = anyLong();
        }
        return longs;
    }

    byte[] bytes() {
        final byte[] bytes = new byte[chance(0.05) ? 5000 : upTo(100)];
        random.nextBytes(bytes);
        return bytes;
    }

    String uuid() {
        return new UUID(random.nextLong(), random.nextLong()).toString();
    }

    /** Any text that Java can write: up to 65535 bytes, unpaired surrogates included. */
    String text() {
        if (chance(0.6)) {
            return uuid();
        }
        if (chance(0.01)) {
            features.count("text: 65535 bytes");
            return "x".repeat(65535);
        }
        if (chance(0.02)) {
            features.count("text: half a surrogate pair");
            return "half\ud83e" + (chance(0.5) ? "\ude00".substring(0, upTo(1)) : "");
        }
        final String text = ODD[random.nextInt(ODD.length)];
        features.count(text.isEmpty() ? "text: empty" : text.chars().allMatch(c -> c > 0 && c < 128) ? "text: plain" : "text: unusual");
        return text;
    }

    String nonEmptyText() {
        final String text = text();
        return text.isEmpty() ? "empty" : text;
    }

    /** An absolute path, in the form that Flink's own normalisation leaves alone. */
    Path path() {
        while (true) {
            final Path path = new Path(BASES[random.nextInt(BASES.length)] + (chance(0.2) ? nonEmptyText() : uuid()));
            if (path.toString().equals(new Path(path.toString()).toString()) && path.toString().length() < 20000) {
                return path;
            }
        }
    }

    /** The name of a file beside the metadata; nearly always a UUID in real life. */
    String fileName() {
        return chance(0.8) ? uuid() : new String[] {"f0", "größe", "sub/dir/f", "a b", "🪨", "p%20c"}[random.nextInt(6)];
    }
}
