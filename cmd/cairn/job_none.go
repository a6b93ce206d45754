package main

import (
	"bytes"
	"encoding/json"
	"unicode/utf8"

	"github.com/cairnstate/cairn/job"
)

// noJob says what is given instead of a job, where that can be told; else it is empty,
// and the parsers say what is wrong where.
func noJob(data []byte) string {
	switch {
	case bytes.HasPrefix(bytes.TrimSpace(data), []byte("<")):
		return "is a web page: give http://host:8081/jobs/<id>, or the address of the job's page in the web UI"
	case bytes.IndexByte(data, 0) >= 0 || !utf8.Valid(data):
		return "is no text: give a job.yaml, or JSON of Flink's REST API"
	case isOtherJSON(data):
		return "is JSON, but describes no job: of Flink's REST API the answers of /jobs/<id> and /jobs/<id>/plan are read"
	}
	return ""
}

// isOtherJSON reports whether the data is JSON in no form that describes a job. A
// job.yaml in YAML's JSON style has vertices.
func isOtherJSON(data []byte) bool {
	if !json.Valid(data) || job.IsFlinkJSON(data) {
		return false
	}
	var object map[string]json.RawMessage
	_ = json.Unmarshal(data, &object) // a list, or a word, leaves it empty
	_, described := object["vertices"]
	return !described
}
