package main

import (
	"errors"
	"strconv"
	"strings"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/coordinator"
	"github.com/cairnstate/cairn/job"
)

// parallelismFlag is the value of --parallelism: N, or UID=N, repeated.
type parallelismFlag struct{ job.Parallelism }

func (p *parallelismFlag) isSet() bool { return p.All != 0 || len(p.ByOperator) > 0 }

func (p *parallelismFlag) String() string { return "" }

func (p *parallelismFlag) Type() string { return "N" }

func (p *parallelismFlag) Set(s string) error {
	// A uid may hold an equals sign, a number does not.
	i := strings.LastIndexByte(s, '=')
	n, err := strconv.ParseInt(s[i+1:], 10, 32)
	if err != nil || n < 1 || n > checkpoint.UpperBoundMaxParallelism {
		return errors.New("write N or UID=N, where N is 1 to " + strconv.Itoa(checkpoint.UpperBoundMaxParallelism))
	}
	if i < 0 {
		p.All = int32(n)
		return nil
	}
	if p.ByOperator == nil {
		p.ByOperator = make(map[string]int32)
	}
	p.ByOperator[s[:i]] = int32(n)
	return nil
}

// claimModeFlag is the value of --claim-mode.
type claimModeFlag struct{ mode coordinator.ClaimMode }

func (c *claimModeFlag) String() string { return strings.ToLower(c.mode.String()) }

func (c *claimModeFlag) Type() string { return "mode" }

func (c *claimModeFlag) Set(s string) (err error) {
	c.mode, err = coordinator.ParseClaimMode(s)
	return err
}
