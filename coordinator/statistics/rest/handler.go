package rest

import (
	"encoding/json"
	"net/http"
	"strconv"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/coordinator/statistics"
)

// Handler answers Flink's requests about the checkpoints of one job: see the package.
// Anything else is 404, with Flink's form of errors. It changes nothing. The
// statistics are asked for with each request, by many goroutines at once.
func Handler(job checkpoint.JobID, now func() statistics.Snapshot) http.Handler {
	mux := http.NewServeMux()
	prefix := "GET /jobs/" + job.String() + "/checkpoints"
	mux.HandleFunc(prefix, func(w http.ResponseWriter, _ *http.Request) { write(w, Checkpoints(now()), true) })
	mux.HandleFunc(prefix+"/details/{number}", func(w http.ResponseWriter, r *http.Request) {
		if c := find(r, now()); c != nil {
			write(w, CheckpointOf(c), true)
			return
		}
		write(w, nil, false)
	})
	mux.HandleFunc(prefix+"/details/{number}/subtasks/{task}", func(w http.ResponseWriter, r *http.Request) {
		var vertex checkpoint.JobVertexID
		c := find(r, now())
		if c == nil || vertex.UnmarshalText([]byte(r.PathValue("task"))) != nil {
			write(w, nil, false)
			return
		}
		details, found := TaskOf(c, vertex)
		write(w, details, found)
	})
	mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) { write(w, nil, false) })
	return mux
}

func find(r *http.Request, now statistics.Snapshot) *statistics.Checkpoint {
	number, err := strconv.ParseInt(r.PathValue("number"), 10, 64)
	if err != nil {
		return nil
	}
	return now.Checkpoint(number)
}

func write(w http.ResponseWriter, value any, found bool) {
	w.Header().Set("Content-Type", "application/json; charset=UTF-8")
	if !found {
		w.WriteHeader(http.StatusNotFound)
		value = map[string][]string{"errors": {"Not found: no such job, checkpoint or task, or it is not remembered any more."}}
	}
	_ = json.NewEncoder(w).Encode(value) // whoever asked has gone
}
