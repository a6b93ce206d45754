//go:build !linux

package wordcount

import "syscall"

// dieWithParent is for Linux; elsewhere a test that is killed leaves its jobs.
func dieWithParent() *syscall.SysProcAttr { return nil }
