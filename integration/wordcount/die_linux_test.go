package wordcount

import "syscall"

// dieWithParent makes a job end with the thread that started it, so that a
// test that is killed leaves none behind.
func dieWithParent() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
}
