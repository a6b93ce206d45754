package checkpointing

import "log/slog"

// largestInline is what Flink allows to be put into the metadata.
const largestInline = 1 << 20

// RetainedCheckpoints returns how many completed checkpoints are kept. Fewer than one
// cannot be restored from: the default is taken instead, and the log warned. A nil
// logger is silent.
func (c *Config) RetainedCheckpoints(log *slog.Logger) int {
	if c.Retained >= 1 {
		return int(c.Retained)
	}
	fallback := int(Default().Retained)
	warn(log, "execution.checkpointing.num-retained", int64(c.Retained), int64(fallback))
	return fallback
}

// EffectiveInlineThreshold returns up to which size state is put into the metadata. A
// threshold that Flink does not allow is replaced by the default, and the log warned. A
// nil logger is silent.
func (c *Config) EffectiveInlineThreshold(log *slog.Logger) int64 {
	if c.InlineThreshold >= 0 && c.InlineThreshold <= largestInline {
		return c.InlineThreshold
	}
	fallback := Default().InlineThreshold
	warn(log, "execution.checkpointing.data-inline-threshold", c.InlineThreshold, fallback)
	return fallback
}

// EffectiveWriteBuffer returns the size of the buffer of a state stream, which has room
// for whatever may be put into the metadata.
func (c *Config) EffectiveWriteBuffer() int64 {
	return max(int64(c.WriteBuffer), c.EffectiveInlineThreshold(nil))
}

func warn(log *slog.Logger, key string, configured, used int64) {
	if log != nil {
		log.Warn("a value that cannot be is replaced by the default", "key", key, "configured", configured, "used", used)
	}
}
