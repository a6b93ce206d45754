// Package wordcount kills examples/wordcount, with SIGKILL and at random moments, starts
// it again at another parallelism, and then looks at what it has done.
//
// After any number of kills, in the output each word is counted from 1 on without a gap
// or a repetition, each split was read from 0 on likewise, and both agree with what the
// source says. After a stop, all files in the job's directory are named by the metadata
// of a retained checkpoint or are the coordinator's record; after a stop with a savepoint
// there are none at all. The tests do this on a local folder and on MinIO, a handful of
// kills each; CAIRN_KILLS says another number, and CAIRN_SEED another seed.
//
// Another test starts the job while it runs: the one that was there before finds out, and
// ends, and what both have put out together is there once.
package wordcount
