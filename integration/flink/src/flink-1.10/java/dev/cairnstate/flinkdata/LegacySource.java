package dev.cairnstate.flinkdata;

import org.apache.flink.streaming.api.functions.source.RichParallelSourceFunction;

/** Where source functions lived before Flink 2.0. */
abstract class LegacySource<T> extends RichParallelSourceFunction<T> {}
