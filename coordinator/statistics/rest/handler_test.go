package rest_test

import (
	"fmt"
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
	details := func(c *statistics.Checkpoint) string { return fmt.Sprint(jobPath, "/checkpoints/details/", c.ID) }
	latest := details(&now.History[0])
	for _, c := range []struct {
		path   string
		status int
		begins string
	}{
		{jobPath + "/checkpoints", http.StatusOK, `{"counts":{"restored":2,`},
		{details(now.LatestSavepoint), http.StatusOK, fmt.Sprintf(`{"className":"completed","id":%d,"status":"COMPLETED","is_savepoint":true,`, now.LatestSavepoint.ID)},
		{details(now.LatestFailed), http.StatusOK, `{"className":"failed",`},
		{latest + "/subtasks/" + count.String(), http.StatusOK, fmt.Sprintf(`{"id":%d,"status":"IN_PROGRESS",`, now.History[0].ID)},
		{jobPath + "/checkpoints/details/2000", http.StatusNotFound, `{"errors":["Not found`},
		{jobPath + "/checkpoints/details/x", http.StatusNotFound, `{"errors":["Not found`},
		{latest + "/subtasks/" + job.String(), http.StatusNotFound, `{"errors":["Not found`},
		{latest + "/subtasks/x", http.StatusNotFound, `{"errors":["Not found`},
		{jobPath + "/checkpoints/details/2000/subtasks/" + count.String(), http.StatusNotFound, `{"errors":["Not found`},
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
