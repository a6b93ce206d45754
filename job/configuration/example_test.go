package configuration_test

import (
	"fmt"

	"github.com/cairnstate/cairn/job/configuration"
)

func ExampleParseYAML() {
	c, err := configuration.ParseYAML("config.yaml", []byte(`
execution:
  checkpointing:
    interval: 3 min
execution.checkpointing.timeout: 1 fortnight
`))
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, key := range c.Keys() {
		value, _ := c.Lookup(key)
		fmt.Println(value.Duration())
	}
	// Output:
	// 3m0s <nil>
	// 0s config.yaml:5: execution.checkpointing.timeout: "1 fortnight": "fortnight" is no unit of time; write d, h, min, s, ms, µs or ns
}
