/**
 * Real Flink, asked who gets what: a checkpoint and a job go in, and what Flink's own classes decide comes out as lines of
 * text. Checkpoints.loadAndValidateCheckpoint, VertexFinishedStateChecker and StateAssignmentOperation run unchanged, on
 * vertices that have what these three look at and nothing else.
 */
package cairn.assign;
