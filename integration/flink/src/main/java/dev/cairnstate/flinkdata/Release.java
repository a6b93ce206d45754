package dev.cairnstate.flinkdata;

import org.apache.flink.runtime.util.EnvironmentInformation;

/** The Flink release on the class path. */
final class Release {
    private Release() {}

    static String version() {
        return EnvironmentInformation.getVersion();
    }

    static boolean atLeast(String minor) {
        return number(version()) >= number(minor);
    }

    /** Whether a class is there: not all artifacts were published for every release. */
    static boolean has(String className) {
        try {
            Class.forName(className);
            return true;
        } catch (ClassNotFoundException absent) {
            return false;
        }
    }

    /** Before this, a restore reads all raw keyed state as timers (FLINK-19741). */
    static boolean hasCustomRawKeyedState() {
        return atLeast("1.12");
    }

    private static int number(String version) {
        String[] parts = version.split("[.-]");
        return Integer.parseInt(parts[0]) * 1000 + Integer.parseInt(parts[1]);
    }
}
