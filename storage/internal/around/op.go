package around

// Op names a call, as people read it.
type Op string

// The calls. Read to Next are those of what Open, Create and List hand out.
const (
	Open      Op = "open"
	Stat      Op = "stat"
	List      Op = "list" // the listing begins
	Create    Op = "create"
	Delete    Op = "delete"
	DeleteAll Op = "delete-all"
	Copy      Op = "copy"
	Download  Op = "download"
	Upload    Op = "upload"
	Swap      Op = "swap"
	Locate    Op = "locate"
	Shut      Op = "shut" // Close of the backend

	Read    Op = "read"
	Close   Op = "close" // of a reader
	Write   Op = "write"
	Commit  Op = "commit"
	Abort   Op = "abort"   // Close of a writer that was not committed
	Next    Op = "next"    // an element of a listing
	Stop    Op = "stop"    // the caller has enough of a listing; nobody hears of an error
	Receive Op = "receive" // a piece of what Download fetches
	Send    Op = "send"    // a piece of what Upload takes
)

// Ops returns all calls, each once.
func Ops() []Op {
	return []Op{Open, Read, Close, Stat, List, Next, Stop, Create, Write, Commit, Abort,
		Delete, DeleteAll, Copy, Download, Receive, Upload, Send, Swap, Locate, Shut}
}

// Changes says whether the call may change what is in the store.
func (o Op) Changes() bool {
	switch o {
	case Create, Write, Commit, Abort, Delete, DeleteAll, Copy, Upload, Send, Swap:
		return true
	}
	return false
}
