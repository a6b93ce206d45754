// Package faults lets every request that a job makes of a store meet every fault that
// a store has, one at a time, and asks after each what is left.
//
// The plays and the questions are those of package scenario in internal. A run without
// faults is recorded first; then each of its requests is a site, and each kind of fault
// at each site is a case. Nothing is drawn by lot, so the count of cases is the count of
// what was tried; the tests print it, and "make faults" shows it.
//
//	calls of a backend     storage/fault before mem and fs, bare and under the stack
//	requests over HTTP     a proxy that breaks one, before MinIO and the emulator of GCS
//	steps of a disk        in storage/fs, which has the disk: every crash image too
//
// There is nothing to import here. What the tests find and what they leave out is told
// in docs/faults.md.
package faults
