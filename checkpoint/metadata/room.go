package metadata

import "github.com/cairnstate/cairn/checkpoint"

// What is made in memory has no source that would tell how long it gets. So the
// lists that make it long are measured before: memory that grows as it fills is
// copied, and cleared, several times over.

const (
	roomAround  = 512 // for the frame, an operator, or an increment without its files
	roomSubtask = 32  // for a subtask
)

// room returns how many bytes the file takes, about: more than it will if all of
// its state is in files of incremental snapshots or small.
func (f *File) room() int {
	if len(f.source) > 0 {
		return len(f.source)
	}
	n := roomAround
	for i := range f.Operators {
		n += roomAround
		for j := range f.Operators[i].Subtasks {
			n += roomOf(f.Operators[i].Subtasks[j].State)
		}
	}
	return n
}

func roomOf(s *checkpoint.OperatorSubtaskState) int {
	if s == nil {
		return roomSubtask
	}
	return roomSubtask + roomOfKeyed(s.ManagedKeyedState) + roomOfKeyed(s.RawKeyedState)
}

func roomOfKeyed(h checkpoint.KeyedStateHandle) int {
	if h, ok := h.(*checkpoint.IncrementalRemoteKeyedStateHandle); ok && h != nil {
		return roomAround + roomOfFiles(h.SharedState) + roomOfFiles(h.PrivateState)
	}
	return 0
}

func roomOfFiles(files []checkpoint.HandleAndLocalPath) int {
	n := 0
	for i := range files {
		n += aroundPaths + len(files[i].LocalPath)
		if h, ok := files[i].Handle.(*checkpoint.FileStateHandle); ok && h != nil {
			n += len(h.Path)
		}
	}
	return n
}
