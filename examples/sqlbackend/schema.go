package sqlbackend

// schema is made by whoever creates the database. Keys are BLOBs, which SQLite
// compares byte by byte; text it might compare by the rules of a language.
//
// Chunks are removed by triggers, so that no statement can forget them: an object
// that is replaced or deleted takes its chunks along, in the same transaction.
const schema = `
CREATE TABLE IF NOT EXISTS objects (
	key      BLOB PRIMARY KEY,
	content  TEXT NOT NULL UNIQUE,
	size     INTEGER NOT NULL,
	modified INTEGER NOT NULL      -- nanoseconds since 1970
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS chunks (
	content  TEXT NOT NULL,
	start    INTEGER NOT NULL,     -- offset of the first byte
	data     BLOB NOT NULL,
	PRIMARY KEY (content, start)
);

CREATE TABLE IF NOT EXISTS uploads (   -- contents that no object names yet
	content  TEXT PRIMARY KEY,
	key      BLOB NOT NULL,
	begun    INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TRIGGER IF NOT EXISTS replaced AFTER UPDATE OF content ON objects
BEGIN
	DELETE FROM chunks WHERE content = old.content;
END;

CREATE TRIGGER IF NOT EXISTS deleted AFTER DELETE ON objects
BEGIN
	DELETE FROM chunks WHERE content = old.content;
END;
`

// chunkSize is the largest size of a chunk in bytes, and what a writer holds in
// memory. Another size can read what this one wrote.
const chunkSize = 1 << 20
