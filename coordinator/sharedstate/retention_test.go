package sharedstate_test

import (
	"runtime"
	"strings"
	"testing"
	"unsafe"
	"weak"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/coordinator/sharedstate"
)

// The registry lives as long as the job; what it was given goes with whoever gave it.
func TestNothingThatWasGivenStaysInMemory(t *testing.T) {
	for name, give := range map[string]func(r *sharedstate.Registry, s *checkpoint.OperatorSubtaskState){
		"acknowledged": func(r *sharedstate.Registry, s *checkpoint.OperatorSubtaskState) { acknowledge(t, r, 1, s) },
		"restored":     func(r *sharedstate.Registry, s *checkpoint.OperatorSubtaskState) { register(t, r, owned(1, s)) },
		"foreign":      func(r *sharedstate.Registry, s *checkpoint.OperatorSubtaskState) { register(t, r, unowned(1, s)) },
		"disowned":     func(r *sharedstate.Registry, s *checkpoint.OperatorSubtaskState) { r.Disown(unowned(1, s)) },
		"placeholders": func(r *sharedstate.Registry, s *checkpoint.OperatorSubtaskState) {
			acknowledge(t, r, 1, s)
			h := s.ManagedKeyedState.(*checkpoint.IncrementalRemoteKeyedStateHandle).SharedState[0].Handle.(*checkpoint.FileStateHandle)
			acknowledge(t, r, 2, sharing(placeholder(h.Path)))
		},
	} {
		r := sharedstate.New()
		message := message(func(s *checkpoint.OperatorSubtaskState) { give(r, s) })
		if runtime.GC(); message.Value() != nil {
			t.Errorf("%s: the message is still in memory", name)
		}
		runtime.KeepAlive(r)
	}
}

// message gives away state whose strings and bytes are views of one message, as those
// of decoded state are.
func message(give func(*checkpoint.OperatorSubtaskState)) weak.Pointer[byte] {
	text := strings.Repeat("s3://b/shared/000001.sst s3://b/shared//000002.sst ", 1000)
	give(sharing(
		&checkpoint.FileStateHandle{Path: text[:24]},
		&checkpoint.FileStateHandle{Path: text[25:50]}, // spelt in a way that has to be remembered
		&checkpoint.ByteStreamStateHandle{HandleName: text[15:24], Data: unsafe.Slice(unsafe.StringData(text), 24)},
		&checkpoint.SegmentFileStateHandle{PhysicalPath: text[:24], LogicalFileID: text[1:24]},
	))
	return weak.Make(unsafe.StringData(text))
}
