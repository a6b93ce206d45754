package main

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// client is who has a turn: a library, in this program started anew, or another
// program.
type client struct {
	name  string
	tuned bool
	args  func(c config, tuned bool, discipline string, args []string) []string // nil: a library
}

func (c client) String() string {
	if c.tuned && !c.isFloor() {
		return c.name + ", tuned"
	}
	return c.name
}

// The floors that do a part of a client's work: keep what they get, of a large object,
// and sign their requests, and keep what they get, of small ones.
const (
	floorKept   = "floor, kept"
	floorSigned = "floor, signed"
)

func (c client) isFloor() bool { return slices.Contains(floors(), c.name) }

func floors() []string { return []string{"floor", floorKept, floorSigned} }

// reaches says whether the floor is one of the discipline.
func (c client) reaches(discipline string) bool {
	switch c.name {
	case floorKept:
		return discipline == "down-large"
	case floorSigned:
		return strings.HasSuffix(discipline, "-small")
	}
	return discipline != "stream"
}

// clients are all, ours first.
func clients() []client {
	var all []client
	for _, tuned := range []bool{false, true} {
		for _, name := range []string{"cairn", "minio-go", "aws-tm", "s3blob"} {
			all = append(all, client{name: name, tuned: tuned})
		}
		if tuned {
			all = append(all, client{name: "floor", tuned: true}, client{name: floorKept, tuned: true}, client{name: floorSigned, tuned: true})
		}
		all = append(all, client{name: "rclone", tuned: tuned, args: rclone}, client{name: "mc", tuned: tuned, args: mc})
	}
	return all
}

// command returns the process of a turn, or nil if the client does not do that.
func (c client) command(ctx context.Context, conf config, discipline string, args []string) *exec.Cmd {
	if c.isFloor() && !c.reaches(discipline) {
		return nil
	}
	if c.args == nil {
		self, err := os.Executable()
		if err != nil {
			return nil
		}
		mode := "plain"
		if c.tuned {
			mode = "tuned"
		}
		return exec.CommandContext(ctx, self, append([]string{"worker", c.name, mode, discipline}, args...)...)
	}
	line := c.args(conf, c.tuned, discipline, args)
	if line == nil {
		return nil
	}
	return exec.CommandContext(ctx, filepath.Join(conf.tools, line[0]), line[1:]...)
}

// rclone returns a command line of rclone, whose remote is in the environment.
func rclone(_ config, tuned bool, discipline string, args []string) []string {
	remote := "bench:" + bucket + "/"
	line := []string{"rclone", "--config", "/dev/null"}
	if tuned {
		line = append(line, "--transfers", "16", "--checkers", "16", "--multi-thread-streams", "4", "--multi-thread-chunk-size", "16M",
			"--multi-thread-cutoff", "32M", "--s3-upload-concurrency", "4", "--s3-chunk-size", "16M", "--s3-disable-checksum",
			"--ignore-checksum", "--no-check-dest", "--s3-no-head", "--s3-no-check-bucket", "--s3-use-unsigned-payload", "true", "--buffer-size", "1M")
	}
	switch discipline {
	case "down-large":
		return append(line, "copyto", remote+args[0], args[1])
	case "up-large":
		return append(line, "copyto", args[0], remote+args[1])
	case "stream":
		return append(line, "rcat", remote+args[0])
	case "down-small":
		return append(line, "copy", remote+args[0], args[1])
	case "up-small":
		return append(line, "copy", args[0], remote+args[1])
	case "discard":
		return append(line, "delete", remote+args[0])
	}
	return nil
}

// mc returns a command line of mc, whose server is in the environment.
func mc(c config, tuned bool, discipline string, args []string) []string {
	remote := "bench/" + bucket + "/"
	line := []string{"mc", "--config-dir", filepath.Join(c.dir, "storagebench-mc"), "--quiet"}
	switch discipline {
	case "down-large":
		if tuned {
			return append(line, "get", remote+args[0], args[1])
		}
		return append(line, "cp", remote+args[0], args[1])
	case "up-large":
		if tuned {
			return append(line, "put", "--parallel", "4", "--part-size", "16MiB", args[0], remote+args[1])
		}
		return append(line, "cp", args[0], remote+args[1])
	case "stream":
		if tuned {
			return append(line, "pipe", "--part-size", "16MiB", "--concurrent", "4", remote+args[0])
		}
		return append(line, "pipe", remote+args[0])
	case "down-small":
		return append(line, "cp", "--recursive", remote+args[0]+"/", args[1]+"/")
	case "up-small":
		return append(line, "cp", "--recursive", args[0]+"/", remote+args[1]+"/")
	case "discard":
		return append(line, "rm", "--recursive", "--force", remote+args[0]+"/")
	}
	return nil
}

// programEnvironment is how the programs are told where the server is.
func programEnvironment(endpoint string) []string {
	scheme, host, _ := strings.Cut(endpoint, "://")
	return []string{
		"MC_HOST_bench=" + scheme + "://" + accessKey + ":" + secretKey + "@" + host,
		"RCLONE_CONFIG_BENCH_TYPE=s3", "RCLONE_CONFIG_BENCH_PROVIDER=Minio", "RCLONE_CONFIG_BENCH_ENV_AUTH=true",
		"RCLONE_CONFIG_BENCH_ENDPOINT=" + endpoint, "RCLONE_CONFIG_BENCH_REGION=us-east-1",
	}
}
