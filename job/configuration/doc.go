// Package configuration reads what Flink is configured with: keys and values, from
// config.yaml of Flink 1.19 and later, from the flat flink-conf.yaml before, or
// from a program.
//
// A value is text until somebody asks for it as something, and so is an error about
// it: it names the file, the line and the key. Durations and memory sizes are
// written as Flink writes them:
//
//	execution:
//	  checkpointing:
//	    interval: 3 min
//	    data-inline-threshold: 20 kb
//
// A key may have former names. Whoever asks lists them after the key, and the first
// that is set decides; all others are left unread, as Flink leaves them.
//
// The package knows no option. Those of checkpoints are in job/checkpointing.
package configuration
