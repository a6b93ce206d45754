package simulation

import (
	"slices"
	"strconv"
	"strings"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/coordinator"
	"github.com/cairnstate/cairn/restore"
	"github.com/cairnstate/cairn/storage"
)

// restore gives the subtask what it starts from: the files of its state, which it may
// use again if they are the job's own.
func (s *subtask) restore(r *coordinator.Restored) {
	if r == nil {
		return
	}
	at := slices.IndexFunc(r.Assignment.Vertices, func(v restore.VertexAssignment) bool { return v.Vertex.ID == s.attempt.Vertex })
	start := r.Assignment.Vertices[at].Subtask(s.attempt.Subtask)
	s.asFinished = start.FinishedOnRestore
	keyed := start.Operators[0].ManagedKeyedState
	if len(keyed) != 1 || keyed[0].KeyGroups() != s.keyGroups() {
		return // rescaled: RocksDB makes a new database of it, with files of its own
	}
	incremental, ok := keyed[0].(*checkpoint.IncrementalRemoteKeyedStateHandle)
	if !ok {
		return
	}
	for _, file := range incremental.SharedState {
		s.files = append(s.files, file.LocalPath)
		number, _ := strconv.Atoi(strings.TrimSuffix(file.LocalPath, ".sst"))
		s.made = max(s.made, number)
	}
	if r.ClaimMode == coordinator.Claim {
		s.uploaded[r.CheckpointID], s.confirmed = absolute(incremental.SharedState, r.Location().ExternalPointer()), r.CheckpointID
	}
}

// absolute names files as a checkpoint in another directory has to.
func absolute(files []checkpoint.HandleAndLocalPath, directory string) []checkpoint.HandleAndLocalPath {
	files = slices.Clone(files)
	for i := range files {
		if relative, ok := files[i].Handle.(*checkpoint.RelativeFileStateHandle); ok {
			files[i].Handle = &checkpoint.FileStateHandle{Path: directory + "/" + relative.RelativePath, Size: relative.Size}
		}
	}
	return files
}

// restored compares what a leader restored with what is true: the checkpoint must have
// been the latest that counts at some moment of the restore, which began when the course
// of events had come to since.
func (h *history) restored(l *leader, r *coordinator.Restored, since int) {
	id := int64(-1)
	if r != nil {
		id = r.CheckpointID
	}
	if latest := h.course[since:]; !slices.Contains(latest, id) {
		h.world.violated(Latest, "%s restored checkpoint %d, the latest was one of %v", l.name, id, latest)
	}
	if r == nil {
		return
	}
	// One that was overtaken while it restored does not know yet that it is late.
	if n := h.names[keyOf(r.Location().MetadataPath())]; slices.Contains(h.retained, n) {
		h.checkWhole(n)
		if r.ClaimMode == coordinator.Claim {
			h.claim(n)
		}
	}
}

// keyOf returns the key of an absolute path.
func keyOf(location string) string {
	p, err := storage.ParsePath(location)
	if err != nil {
		return location
	}
	return p.Key()
}

// keyGroups is the subtask's own range.
func (s *subtask) keyGroups() checkpoint.KeyGroupRange {
	vertex, _ := s.world.job.VertexOf(checkpoint.OperatorID(s.attempt.Vertex))
	v := s.world.job.Vertex(vertex)
	return checkpoint.KeyGroupRangeForSubtask(s.attempt.Subtask, v.MaxParallelism, v.Parallelism)
}
