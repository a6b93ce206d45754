package job

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/cairnstate/cairn/checkpoint"
)

// JSONError says why a JSON text of Flink is no description of a job.
type JSONError struct {
	File   string // as given to ParseFlinkJSON
	Reason string
	Advice string // what to do about it, may be empty
}

// Error returns the reason and the advice.
func (e *JSONError) Error() string {
	if e.Advice == "" {
		return e.File + ": " + e.Reason
	}
	return e.File + ": " + e.Reason + "; " + e.Advice
}

// IsFlinkJSON reports whether a text is JSON in one of the forms in which Flink
// describes jobs, whether or not ParseFlinkJSON can use it. A job.yaml, even one in
// YAML's JSON style, is not.
func IsFlinkJSON(data []byte) bool {
	var object map[string]json.RawMessage
	if json.Unmarshal(data, &object) != nil {
		return false
	}
	for _, key := range []string{"plan", "nodes", "jid", "stream-graph", "errors"} {
		if _, ok := object[key]; ok {
			return true
		}
	}
	return false
}

// ParseFlinkJSON returns the job that Flink's REST API describes: the answer of
// /jobs/<id>, or that of /jobs/<id>/plan, or the plan in it. name is the file's
// name or the URL, for errors, which are *JSONError or *Problem.
//
// Flink names a vertex by the generated id of its head, and no other operator by
// any id. It does not say which max parallelism was chosen and which came about,
// nor in which order a vertex's edges leave it. All of that is in the job's Gaps.
//
// The execution plan of StreamExecutionEnvironment.getExecutionPlan and the stream
// graph of Flink 2 number the operators, and so identify none: they are refused.
func ParseFlinkJSON(name string, data []byte) (*Job, error) {
	var document flinkJob
	if err := json.Unmarshal(data, &document); err != nil {
		return nil, &JSONError{File: name, Reason: "is not JSON as Flink writes it: " + err.Error()}
	}
	f := flinkFile{name: name, document: document, at: map[checkpoint.JobVertexID]int{}}
	if document.Plan != nil {
		f.document.Nodes = document.Plan.Nodes
	}
	if err := f.refuse(); err != nil {
		return nil, err
	}
	return f.job()
}

// flinkJob is the answer of /jobs/<id>, of /jobs/<id>/plan, or a plan.
type flinkJob struct {
	Plan *struct {
		Nodes []flinkNode `json:"nodes"`
	} `json:"plan"`
	Nodes       []flinkNode       `json:"nodes"`
	Vertices    []flinkVertex     `json:"vertices"`
	StreamGraph json.RawMessage   `json:"stream-graph"`
	Errors      []json.RawMessage `json:"errors"`
}

// flinkNode is a vertex as the plan has it (Flink: JobPlanInfo.Plan.Node).
type flinkNode struct {
	ID          json.RawMessage `json:"id"`
	Parallelism int32           `json:"parallelism"`
	Description string          `json:"description"`
	Inputs      []flinkInput    `json:"inputs"`
}

type flinkInput struct {
	ID           string `json:"id"`
	Num          int    `json:"num"` // the input gate
	ShipStrategy string `json:"ship_strategy"`
}

// flinkVertex is a vertex as /jobs/<id> has it (Flink: JobVertexDetailsInfo).
type flinkVertex struct {
	ID             checkpoint.JobVertexID `json:"id"`
	Name           string                 `json:"name"`
	Parallelism    int32                  `json:"parallelism"`
	MaxParallelism int32                  `json:"maxParallelism"` // since Flink 1.13
}

// refuse tells texts that describe no job, or none that can be used, from others.
func (f *flinkFile) refuse() error {
	const advice = "give the job's REST address, http://host:8081/jobs/<id>, or describe it in a job.yaml"
	switch nodes := f.document.Nodes; {
	case len(f.document.Errors) > 0:
		return &JSONError{f.name, "is an error message of Flink: " + firstText(f.document.Errors), ""}
	case len(nodes) == 0 && f.document.StreamGraph != nil:
		return &JSONError{f.name, "is a stream graph, which numbers operators and has no ids of them", advice}
	case len(nodes) == 0:
		return &JSONError{f.name, "has no plan with nodes", advice}
	case !slices.ContainsFunc(nodes, func(n flinkNode) bool { _, err := n.id(); return err == nil }):
		return &JSONError{f.name, "is an execution plan or a stream graph, which numbers operators and has no ids of them", advice}
	}
	return nil
}

func firstText(messages []json.RawMessage) (text string) {
	if err := json.Unmarshal(messages[0], &text); err != nil {
		return string(messages[0])
	}
	return text
}

func (n *flinkNode) id() (id checkpoint.JobVertexID, err error) {
	var text string
	if err := json.Unmarshal(n.ID, &text); err != nil {
		return id, errors.New("is no text")
	}
	operator, err := checkpoint.ParseOperatorID(text)
	return checkpoint.JobVertexID(operator), err
}

// problem names a node in an error.
func (f *flinkFile) problem(n *flinkNode, reason string, args ...any) error {
	return &JSONError{File: f.name, Reason: fmt.Sprintf("node %s: %s", n.ID, fmt.Sprintf(reason, args...))}
}
