package job

import "fmt"

// Pattern says which subtasks of producer and consumer are connected (Flink:
// DistributionPattern).
type Pattern uint8

// The patterns.
const (
	AllToAll  Pattern = iota // each producing subtask with each consuming one
	Pointwise                // each with its share of the others
)

// String returns Flink's name of the pattern.
func (p Pattern) String() string {
	if p == Pointwise {
		return "POINTWISE"
	}
	return "ALL_TO_ALL"
}

// SubtaskStateMapper says which new subtasks read the in-flight data of which
// old ones when the parallelism changes (Flink: SubtaskStateMapper).
type SubtaskStateMapper uint8

// The mappers.
const (
	Arbitrary   SubtaskStateMapper = iota // any distribution will do; round robin is used
	RoundRobin                            // old subtask i goes to new subtask i modulo the new parallelism
	First                                 // all to the first
	Full                                  // all to all; receivers filter
	Range                                 // as key groups are; receivers filter at the borders
	Unsupported                           // cannot be rescaled while data is in flight
)

var mapperNames = [...]string{"ARBITRARY", "ROUND_ROBIN", "FIRST", "FULL", "RANGE", "UNSUPPORTED"}

// String returns Flink's name of the mapper.
func (m SubtaskStateMapper) String() string {
	if int(m) < len(mapperNames) {
		return mapperNames[m]
	}
	return fmt.Sprintf("SubtaskStateMapper(%d)", uint8(m))
}

// Ambiguous reports whether several new subtasks may be given the data of the
// same old one and have to filter it.
func (m SubtaskStateMapper) Ambiguous() bool { return m == Full || m == Range }

// Partitioner is how records are sent along an edge: what a user knows of it.
type Partitioner struct {
	Name       string // as job.yaml has it: hash, rebalance, forward
	Pattern    Pattern
	Upstream   SubtaskStateMapper
	Downstream SubtaskStateMapper
}

// Input returns an edge from a vertex through the partitioner.
func (p Partitioner) Input(from int) Input {
	return Input{From: from, Pattern: p.Pattern, Upstream: p.Upstream, Downstream: p.Downstream}
}

// Partitioners returns the partitioners of Flink's DataStream API with the
// pattern and the mappers that its StreamPartitioner classes give them. "custom"
// is partitionCustom, "sql" the custom and helper partitioners of the table
// planner.
func Partitioners() []Partitioner {
	return []Partitioner{
		{"hash", AllToAll, Arbitrary, Range},
		{"rebalance", AllToAll, Arbitrary, RoundRobin},
		{"shuffle", AllToAll, Arbitrary, RoundRobin},
		{"global", AllToAll, Arbitrary, First},
		{"broadcast", AllToAll, Unsupported, Unsupported},
		{"custom", AllToAll, Arbitrary, Full},
		{"sql", AllToAll, Arbitrary, Arbitrary},
		{"forward", Pointwise, Unsupported, Unsupported},
		{"rescale", Pointwise, Unsupported, Unsupported},
	}
}

// PartitionerNamed returns the partitioner of a name in job.yaml.
func PartitionerNamed(name string) (Partitioner, bool) {
	for _, p := range Partitioners() {
		if p.Name == name {
			return p, true
		}
	}
	return Partitioner{}, false
}
