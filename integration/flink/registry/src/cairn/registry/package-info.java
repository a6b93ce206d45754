/** Flink's registry of shared state, timed over the checkpoints of a job that is made up here and in Go alike. */
package cairn.registry;
