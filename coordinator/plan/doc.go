// Package plan decides who takes part in a checkpoint.
//
// While all subtasks run, that is simple: barriers begin at the sources, everyone
// answers, everyone is told how it ended. It is less so once some have finished, as
// bounded sources do while the rest of the job goes on. Nobody can send a barrier
// to them, and nobody waits for their answer; a barrier begins at whoever has nobody
// left above it:
//
//	source 0   finished           source 0   RUNNING   ◀── trigger
//	   │                             │
//	map 0      RUNNING ◀── trigger  map 0    RUNNING   gets it from source 0
//
// [Calculate] is a pure function of the job and of what runs now. What it cannot
// make a plan of is a checkpoint that is not triggered at all: better none than one
// that waits for somebody who does not run.
package plan
