// Package program reads the programs that Flink translated, runs them against our own
// environment, and tells what came out in the words of Flink's answer.
package program
