package fault

import "github.com/cairnstate/cairn/storage/internal/around"

// Op names a call: a verb, a power, or a call of what they hand out.
type Op = around.Op

// The calls. Close is that of a reader, Abort that of a writer that was not
// committed, Next an element of a listing, Receive a piece of a download, Send a piece
// of an upload, and Shut closes the backend.
const (
	Open      = around.Open
	Read      = around.Read
	Close     = around.Close
	Stat      = around.Stat
	List      = around.List
	Next      = around.Next
	Create    = around.Create
	Write     = around.Write
	Commit    = around.Commit
	Abort     = around.Abort
	Delete    = around.Delete
	DeleteAll = around.DeleteAll
	Copy      = around.Copy
	Download  = around.Download
	Receive   = around.Receive
	Upload    = around.Upload
	Send      = around.Send
	Swap      = around.Swap
	Locate    = around.Locate
	Shut      = around.Shut
)
