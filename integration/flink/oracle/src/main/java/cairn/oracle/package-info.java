/**
 * The oracle: real Flink, asked in batch what a {@code _metadata} file says.
 *
 * <p>Nothing in here knows the byte format. Files are read by {@code Checkpoints.loadCheckpointMetadata} and written by
 * Flink's own serializers; this package only builds Flink's objects from a seed, and describes the objects that Flink
 * hands back as JSON in the schema of the README beside it. So when cairn and the oracle disagree, cairn is wrong, or the
 * schema is, but never a third implementation of the format.
 *
 * <p>One source serves every release from 1.11 on. What all of them have is called directly; what came, went or changed
 * its signature in between is called through {@link cairn.oracle.Call}.
 */
package cairn.oracle;
