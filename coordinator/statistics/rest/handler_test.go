package rest_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/coordinator/statistics"
	"github.com/cairnstate/cairn/coordinator/statistics/rest"
)

func TestHandler(t *testing.T) {
	job := checkpoint.JobID{1}
	now := replay(t)
	server := httptest.NewServer(rest.Handler(job, func() statistics.Snapshot { return now }))
	defer server.Close()
	jobPath := "/jobs/" + job.String()
	for _, c := range []struct {
		path   string
		status int
		begins string
	}{
		{jobPath + "/checkpoints", http.StatusOK, `{"counts":{"restored":2,"total":22,`},
		{jobPath + "/checkpoints/details/13", http.StatusOK, `{"className":"completed","id":13,"status":"COMPLETED","is_savepoint":true,"savepointFormat":"CANONICAL",`},
		{jobPath + "/checkpoints/details/14", http.StatusOK, `{"className":"failed","id":14,`},
		{jobPath + "/checkpoints/details/19/subtasks/" + count.String(), http.StatusOK, `{"id":19,"status":"IN_PROGRESS",`},
		{jobPath + "/checkpoints/details/20", http.StatusNotFound, `{"errors":["Not found`},
		{jobPath + "/checkpoints/details/x", http.StatusNotFound, `{"errors":["Not found`},
		{jobPath + "/checkpoints/details/19/subtasks/" + job.String(), http.StatusNotFound, `{"errors":["Not found`},
		{jobPath + "/checkpoints/details/19/subtasks/x", http.StatusNotFound, `{"errors":["Not found`},
		{jobPath + "/checkpoints/details/20/subtasks/" + count.String(), http.StatusNotFound, `{"errors":["Not found`},
		{"/jobs/" + count.String() + "/checkpoints", http.StatusNotFound, `{"errors":["Not found`},
	} {
		response, err := http.Get(server.URL + c.path)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(response.Body)
		_ = response.Body.Close()
		if err != nil || response.StatusCode != c.status || !strings.HasPrefix(string(body), c.begins) {
			t.Errorf("%s: %d, %.90s, %v", c.path, response.StatusCode, body, err)
		}
		if kind := response.Header.Get("Content-Type"); kind != "application/json; charset=UTF-8" {
			t.Errorf("%s: content type %q", c.path, kind)
		}
	}
}

func TestKindsOfCheckpoints(t *testing.T) {
	for want, c := range map[string]statistics.Checkpoint{
		"CHECKPOINT":           {Properties: checkpoint.CheckpointProperties(checkpoint.RetainOnFailure)},
		"UNALIGNED_CHECKPOINT": {Unaligned: true},
		"SAVEPOINT":            {Properties: checkpoint.SavepointProperties(checkpoint.Native, checkpoint.ActionNone, false)},
		"SYNC_SAVEPOINT":       {Properties: checkpoint.SavepointProperties(checkpoint.Native, checkpoint.ActionTerminate, false)},
	} {
		if got := rest.CheckpointOf(&c).CheckpointType; got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}
