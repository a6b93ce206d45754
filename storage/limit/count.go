package limit

import "github.com/cairnstate/cairn/storage/internal/around"

const (
	page = 1000    // elements of a listing that come with one request
	part = 8 << 20 // bytes of a writer that go with one request
)

// requests returns for how many requests the call counts.
func requests(c *around.Call) int {
	switch c.Op {
	case around.List, around.Read, around.Receive, around.Send, around.Create, around.Locate:
		return 0 // they begin, go on or sign, without one
	case around.Next:
		if c.Stream.Elements%page > 0 {
			return 0 // it came with those before
		}
	case around.Write:
		return int((c.Offset+int64(len(c.Data)))/part - c.Offset/part)
	case around.Upload:
		return 1 + int(c.Length/part)
	case around.DeleteAll:
		return (len(c.Keys) + page - 1) / page
	}
	return 1
}
