// Package sqlbackend keeps checkpoints in an SQL database. It is the example of
// docs/writing-a-backend.md: a stranger's backend, in a module of its own, which
// uses nothing of cairn that a stranger could not.
//
//	registry.Register(sqlbackend.Open, "sqlite")
//	// sqlite://flink/savepoints/…, and once, as a location:
//	// sqlite://flink?file=/var/lib/flink.db&create=true
//
// The database is SQLite, by a driver in Go, because that needs no server. What is
// SQLite's own about it stands in schema.go, open.go and errors.go.
//
// An object is a row that names a content, and a content is the rows of its chunks,
// under an id that no other content ever has. Bytes are written first, under an id
// that nothing names; then one transaction names it. So a reader goes on with the
// content that it began with or notices that it is gone, the id is the version, and
// no blob is held in memory but one chunk.
//
// A process that is killed while it writes leaves chunks that nothing names and no
// verb shows. [Backend.Sweep] removes those that began long ago.
package sqlbackend
