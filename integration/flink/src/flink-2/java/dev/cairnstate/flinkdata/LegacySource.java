package dev.cairnstate.flinkdata;

import org.apache.flink.streaming.api.functions.source.legacy.RichParallelSourceFunction;

/** Flink 2.0 moved source functions to a package of their own. */
abstract class LegacySource<T> extends RichParallelSourceFunction<T> {}
