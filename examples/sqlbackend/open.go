package sqlbackend

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"strconv"

	_ "modernc.org/sqlite" // the driver named "sqlite"

	"github.com/cairnstate/cairn/storage/backend"
)

// Options say how a database is opened. Nil and the zero value mean: it is there.
type Options struct {
	// Create makes the file and the tables if they are not there. Without it a wrong
	// name is an error, and not an empty store in which no checkpoint is found.
	Create bool
}

// Open is the [backend.Opener]. The authority is a name for people. Parameters:
//
//	file    the path of the database; it must be given
//	create  true makes the database if it is not there
func Open(ctx context.Context, root backend.Root) (backend.Backend, error) {
	file, opts, err := read(root.Params)
	if err != nil {
		return nil, &backend.Error{Backend: scheme, Op: "configure", Root: root.String(), Err: err}
	}
	b, err := New(ctx, file, opts)
	if err != nil {
		return nil, err // and not b, a nil *Backend that is no nil backend.Backend
	}
	return b, nil
}

// read reads the parameters. It tells names and never values: somebody may have
// put a password into the wrong one.
func read(params url.Values) (file string, opts *Options, err error) {
	opts = new(Options)
	for name, values := range params {
		switch {
		case len(values) != 1:
			return "", nil, fmt.Errorf("parameter %q is given %d times", name, len(values))
		case name == "file":
			file = values[0]
		case name == "create":
			if opts.Create, err = strconv.ParseBool(values[0]); err != nil {
				return "", nil, fmt.Errorf("parameter %q is true or false", name)
			}
		default:
			return "", nil, fmt.Errorf("unknown parameter %q (known: file, create)", name)
		}
	}
	if file == "" {
		return "", nil, errors.New(`parameter "file" is missing: the path of the database`)
	}
	return file, opts, nil
}

// New opens the database in a file. opts may be nil. The caller closes the backend.
func New(ctx context.Context, file string, opts *Options) (*Backend, error) {
	if opts == nil {
		opts = new(Options)
	}
	db, err := sql.Open("sqlite", dataSource(file, opts))
	b := &Backend{db: db, name: fmt.Sprintf("database %q", file), turn: make(chan struct{}, 1)}
	if err != nil {
		return nil, b.fail(ctx, "open the database", "", err)
	}
	db.SetMaxOpenConns(connections)
	db.SetMaxIdleConns(connections)
	if err := b.prepare(ctx, opts); err != nil {
		return nil, errors.Join(b.fail(ctx, "open the database", "", err), db.Close())
	}
	return b, nil
}

// connections is how many requests there are at once; the others queue.
const connections = 8

// dataSource escapes the path, lest a "?" in it become settings.
func dataSource(file string, opts *Options) string {
	settings := url.Values{
		"mode":    {"rw"},
		"_txlock": {"immediate"}, // a transaction that writes knows at once that it may
		"_pragma": {
			"busy_timeout(10000)", // ms to wait for another process that writes
			"journal_mode(wal)",   // who reads does not wait for who writes
			"synchronous(full)",   // or a power failure could take commits back
		},
	}
	if opts.Create {
		settings.Set("mode", "rwc")
	}
	return "file:" + (&url.URL{Path: file}).EscapedPath() + "?" + settings.Encode()
}

// prepare makes the tables if it may, and looks whether they are there.
func (b *Backend) prepare(ctx context.Context, opts *Options) error {
	if opts.Create {
		err := b.change(ctx, func(tx *sql.Tx) error {
			_, err := tx.ExecContext(ctx, schema)
			return err
		})
		if err != nil {
			return err
		}
	}
	_, err := b.find(ctx, b.db, "any/key")
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return fmt.Errorf("it is not there, or no database of this backend (create=true makes it): %w", err)
	}
	return nil
}
