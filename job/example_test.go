package job_test

import (
	"fmt"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/job"
)

func ExampleParseYAML() {
	j, err := job.ParseYAML("job.yaml", []byte(`
vertices:
  - name: source
    parallelism: 2
    operators: [{uid: kafka-source}]
  - name: count
    parallelism: 3
    operators: [{uid: count}]
    inputs: [{from: source, partitioner: hash}]
`))
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, v := range j.Vertices() {
		fmt.Println(v.Name, v.ID)
		for i := range v.Parallelism {
			fmt.Println(" ", i, checkpoint.KeyGroupRangeForSubtask(i, v.MaxParallelism, v.Parallelism))
		}
	}
	// Output:
	// source 61252f73469d3ffba207c548d29a0267
	//   0 [0, 63]
	//   1 [64, 127]
	// count b71731f1c0df9c3076c4a455334d0ad6
	//   0 [0, 42]
	//   1 [43, 85]
	//   2 [86, 127]
}
