package faults_test

import "net/http"

// kind is what happens to a request.
type kind struct {
	name string
	deed deed
	code int // that the proxy answers with
	says string
	// stays makes it happen to all requests from that one on, or to all that change
	// something, or to all with the same name.
	stays span
	// passes says that a client that is patient must survive it.
	passes bool
	// kills is the end of the process that plays.
	kills bool
}

type deed int

const (
	reset       deed = iota // the connection, before the store hears of the request
	answer                  // instead of the store
	lose                    // the answer of the store
	answerAfter             // instead of the answer of the store
	truncate                // the body of the answer
	stall                   // until the client gives up
	within                  // an answer of 200 that tells of an error, instead of the store
	withinAfter             // the same instead of the answer of the store
)

type span int

const (
	once    span = iota
	forever      // from here on
	writing      // from here on, for what takes space
	namely       // for each request of this name
)

// kinds are all kinds of faults. core are those that an ordinary test run tries.
func kinds() []kind { return append(core(), more()...) }

func core() []kind {
	return []kind{
		{name: "reset", deed: reset, passes: true},
		{name: "slow down", deed: answer, code: http.StatusServiceUnavailable, says: "SlowDown", passes: true},
		{name: "answer lost", deed: lose, passes: true},
		{name: "answer cut short", deed: truncate, passes: true},
		{name: "stall, given up", deed: stall},
		{name: "error in a 200", deed: within, code: http.StatusInternalServerError, says: "InternalError", passes: true},
		{name: "down", deed: reset, stays: forever},
		{name: "permission lost", deed: answer, code: http.StatusForbidden, says: "AccessDenied", stays: forever},
		{name: "killed after", deed: lose, stays: forever, kills: true},
	}
}

func more() []kind {
	return []kind{
		{name: "error", deed: answer, code: http.StatusInternalServerError, says: "InternalError", passes: true},
		{name: "too many", deed: answer, code: http.StatusTooManyRequests, says: "TooManyRequests", passes: true},
		{name: "error after", deed: answerAfter, code: http.StatusInternalServerError, says: "InternalError", passes: true},
		{name: "error in a 200, after", deed: withinAfter, code: http.StatusInternalServerError, says: "InternalError", passes: true},
		{name: "forbidden in a 200", deed: within, code: http.StatusForbidden, says: "AccessDenied", stays: namely},
		{name: "stall", deed: stall},
		{name: "errors", deed: answer, code: http.StatusInternalServerError, says: "InternalError", stays: forever},
		{name: "slow down for ever", deed: answer, code: http.StatusServiceUnavailable, says: "SlowDown", stays: forever},
		{name: "forbidden", deed: answer, code: http.StatusForbidden, says: "AccessDenied", stays: namely},
		{name: "full", deed: answer, code: http.StatusInsufficientStorage, says: "XMinioStorageFull", stays: writing},
		{name: "killed before", deed: reset, stays: forever, kills: true},
	}
}
