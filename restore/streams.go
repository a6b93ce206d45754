package restore

import (
	"iter"

	"github.com/cairnstate/cairn/checkpoint"
)

// Streams returns where all bytes are that the subtask gets of the operator, kind
// after kind. Several handles may say the same place.
func (o *OperatorRestore) Streams() iter.Seq[checkpoint.StreamStateHandle] {
	return func(yield func(checkpoint.StreamStateHandle) bool) {
		w := streamWalk{yield: yield}
		for _, handles := range []OperatorStateHandles{o.ManagedOperatorState, o.RawOperatorState} {
			for h := range handles.All() {
				w.stream(h.DelegateState())
			}
		}
		w.keyedAll(o.ManagedKeyedState)
		w.keyedAll(o.RawKeyedState)
		for _, handles := range []ChannelHandles{o.InputChannels, o.ResultSubpartitions, o.UpstreamOutputBuffers} {
			for h := range handles.All() {
				w.stream(h.Delegate)
			}
		}
	}
}

// streamWalk finds the stream handles below state handles.
type streamWalk struct {
	yield func(checkpoint.StreamStateHandle) bool
	done  bool
}

func (w *streamWalk) stream(h checkpoint.StreamStateHandle) {
	if full, nested := h.(*checkpoint.KeyGroupsStateHandle); nested && full != nil {
		w.stream(full.Delegate)
		return
	}
	if h != nil && !w.done {
		w.done = !w.yield(h)
	}
}

func (w *streamWalk) keyedAll(handles []checkpoint.KeyedStateHandle) {
	for _, h := range handles {
		w.keyed(h)
	}
}

func (w *streamWalk) keyed(h checkpoint.KeyedStateHandle) {
	switch h := h.(type) {
	case *checkpoint.KeyGroupsStateHandle:
		w.stream(h.Delegate)
	case *checkpoint.IncrementalRemoteKeyedStateHandle:
		w.stream(h.MetaState)
		for _, files := range [][]checkpoint.HandleAndLocalPath{h.SharedState, h.PrivateState} {
			for i := range files {
				w.stream(files[i].Handle)
			}
		}
	case *checkpoint.ChangelogStateBackendHandle:
		w.keyedAll(h.Materialized)
		w.keyedAll(h.NonMaterialized)
	case *checkpoint.ChangelogFileStateHandle:
		for i := range h.Parts {
			w.stream(h.Parts[i].Handle)
		}
	}
}
