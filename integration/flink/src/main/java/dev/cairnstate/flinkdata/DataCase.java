package dev.cairnstate.flinkdata;

import java.util.Arrays;
import java.util.List;

/** One directory of test data: a job, how it is configured, and what is taken of it. */
final class DataCase {
    enum Snapshot { SAVEPOINT, NATIVE_SAVEPOINT, SUSPEND, DRAIN, CHECKPOINTS }

    final String name;
    final String job;
    final Snapshot snapshot;
    final List<String> features;
    final Options options;

    /** Handle classes, or "fullyFinished", without which the data misses its purpose. */
    List<String> required = Arrays.asList();

    DataCase(String name, String job, Snapshot snapshot, Options options, String... features) {
        this.name = name;
        this.job = job;
        this.snapshot = snapshot;
        this.options = options;
        this.features = Arrays.asList(features);
    }

    DataCase requires(String... facts) {
        required = Arrays.asList(facts);
        return this;
    }
}
