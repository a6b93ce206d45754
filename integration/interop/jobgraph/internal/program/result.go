package program

// Result is what came out, in the words of Flink's answer.
type Result struct {
	Vertices    []Vertex    `json:"vertices"`
	Coordinator Coordinator `json:"coordinator"`
	Restore     Restore     `json:"restore"`
	Options     Options     `json:"options"`
}

// Vertex is a vertex of the job graph.
type Vertex struct {
	ID, Name         string
	Parallelism      int32
	MaxParallelism   int32
	SlotSharingGroup string
	Operators        []Operator
	Inputs           []Input
}

// Operator is one of a chain.
type Operator struct{ ID, UserDefined, Name, UID string }

// Input is an edge between vertices.
type Input struct {
	From              string
	Output, Input     int
	Partitioner       string
	Exchange, Pattern string
	Upstream          string
	Downstream        string
	SupportsUnaligned bool
}

// Coordinator is the coordinator's configuration; times are milliseconds.
type Coordinator struct {
	Interval, IntervalDuringBacklog, Timeout, MinPause int64
	MaxConcurrent                                      int32
	Retention                                          string
	ExactlyOnce                                        bool
	TolerableFailures                                  int32
	Unaligned                                          bool
	AlignedTimeout, IgnoredInFlight                    int64
	AfterTasksFinish, RecoverOutputOnDownstream        bool
}

// Restore is what the job is restored from.
type Restore struct {
	Path            string
	IgnoreUnclaimed bool
	ClaimMode       string
}

// Options are those that are no part of the coordinator's configuration.
type Options struct {
	Directory, SavepointDirectory string
	InlineThreshold               int64
	WriteBuffer                   int32
	CreateSubdir                  bool
	NumRetained, MaxSubtasks      int32
	PauseSources, ForceUnaligned  bool
}
