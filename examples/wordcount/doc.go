// Command wordcount counts words for ever, exactly once, whatever happens to it.
//
//	wordcount -checkpoints /tmp/wordcount/checkpoints -output /tmp/wordcount/counts
//
// Kill it at any moment, with kill -9, and start it again: it goes on from its latest
// checkpoint, at another -parallelism if you like, and no line of its output is missing or
// there twice. Directories may be s3://bucket/… too.
//
// The source is one that can be checked: each of its splits says the same words in the
// same order each time. A line of the output is a word, how often it was counted so far,
// and which word of which split it was. So of each word the counts are 1, 2, 3 …, and of
// each split the offsets are 0, 1, 2 …
//
// words.go is the source, count.go the operator, job.go puts them together, and main.go
// runs the job. docs/writing-a-job.md explains them.
package main
