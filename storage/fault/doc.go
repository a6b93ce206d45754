// Package fault breaks a backend on purpose, by a recipe that can be read, printed
// and repeated.
//
// A [Plan] is a list of faults, each a [Where] and an [Effect]. As text:
//
//	seed 7; create & key("_metadata$"): fail(throttled); commit & nth(2): lose(reset)
//
// [Parse] reads what [Plan.String] writes, so a test that fails prints the recipe
// that makes it fail again.
//
// # Where
//
//	| any                | every call                                                     |
//	| open, commit, …    | calls of this [Op]                                             |
//	| key("regexp")      | calls about a key that matches; a copy has two, a batch many   |
//	| nth(n), every(n)   | the nth call that it is asked about; each nth                  |
//	| after(n)           | bytes of one stream, download or upload beyond the first n     |
//	| chance(p)          | this part of the calls, by the seed                            |
//	| a & b, a | b, !a   | both (b is asked only if a holds), either (both are asked), not |
//
// Left to right matters: "create & nth(2)" is the second create, "nth(2) & create"
// is the second call if that is a create. Only calls that the effect can happen to
// are asked about.
//
// # Effects
//
//	| fail(kind)      | an error instead of the call                                        |
//	| lose(kind)      | the call takes effect, and an error is all that comes back          |
//	| short(kind)     | half of a write is written, then an error                           |
//	| truncate        | a body ends early and says nothing; a piece of a download is missing |
//	| corrupt         | one bit of a body is another, read or written                       |
//	| stall           | nothing happens until the context ends                              |
//	| kill            | the process dies before the call: every later call fails, and no    |
//	|                 | writer cleans up, which leaves what a dead process leaves           |
//	| kill-after      | the same, after the call took effect                                |
//
// The kinds of errors are transient, throttled, reset, permission and full. Of a
// batch deletion only the keys that the place names are failed or lost; the others
// are deleted.
//
// A piece of an upload that fails (send) is the store that fails at it, not the source.
// The backend within cleans up after it even if the process is killed there.
//
// A fault that never happened proves nothing: [Guard] fails the test then.
// [Record] and [Enumerate] try every fault at every call of a scenario.
package fault
