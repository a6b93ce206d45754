package checkpointing_test

import (
	"fmt"

	"github.com/cairnstate/cairn/job/checkpointing"
	"github.com/cairnstate/cairn/job/configuration"
)

func ExampleRead() {
	file, err := configuration.ParseYAML("config.yaml", []byte(`
execution.checkpointing:
  interval: 30 s
  min-pause: 1 min
  externalized-checkpoint-retention: RETAIN_ON_CANCELLATION
`))
	if err != nil {
		fmt.Println(err)
		return
	}
	config, err := checkpointing.Read(file)
	if err != nil {
		fmt.Println(err)
		return
	}
	told, err := config.Coordinator()
	fmt.Println(told.Interval, told.Timeout, told.ExactlyOnce, told.Retention, err)

	config.Interval = 0
	told, err = config.Coordinator()
	fmt.Println(told.Periodic(), told.ExactlyOnce, err)
	// Output:
	// 1m0s 10m0s true RETAIN_ON_CANCELLATION <nil>
	// false false <nil>
}

func ExampleConfig_Coordinator_refused() {
	config := checkpointing.Default()
	config.Interval = checkpointing.MinimalTime
	config.Unaligned = true
	config.MaxConcurrent = 2
	_, err := config.Coordinator()
	fmt.Println(err)
	// Output:
	// checkpointing: execution.checkpointing.max-concurrent-checkpoints: is more than 1, but checkpoints are unaligned; choose one of them
}
