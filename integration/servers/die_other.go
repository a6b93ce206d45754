//go:build !linux

package servers

import "syscall"

// dieWithParent is for Linux; elsewhere a test that is killed leaves its servers.
func dieWithParent() *syscall.SysProcAttr { return nil }
