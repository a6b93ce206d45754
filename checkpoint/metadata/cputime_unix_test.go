//go:build unix

package metadata_test

import (
	"syscall"
	"time"
)

// cpuTime is what the process has had of processors, for benchmarks on machines
// that others use too.
func cpuTime() time.Duration {
	var used syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &used) != nil {
		return 0
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}
