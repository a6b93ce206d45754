// Package pairs makes random pairs of a checkpoint and the job that it is to be
// restored into: the same pair for the same seed. They are pairs that Flink could
// meet, for no file here contradicts itself, but rare things are common in them.
//
// A pair is made backwards. First comes the job; then each of its operators is
// given a past, which agrees with the job or does not: another parallelism,
// another max parallelism, another name, or none.
package pairs
