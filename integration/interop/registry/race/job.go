package main

import (
	"encoding/binary"
	"encoding/hex"
	"fmt"

	"github.com/cairnstate/cairn/checkpoint"
)

const (
	filesPerSubtask = 1000
	directory       = "s3://bucket/flink/checkpoints/a1b2c3d4e5f60708090a0b0c0d0e0f10/shared/"
)

// job makes what subtasks acknowledge, checkpoint by checkpoint. Job.java makes the
// very same.
type job struct {
	placeholders bool // for files that are named again
	shuffled     bool // in each checkpoint, the files of each subtask
	subtasks     [][]uuid
	dice         uint64
}

type uuid struct{ high, low uint64 }

func newJob(handles int, placeholders, shuffled bool) *job {
	return &job{placeholders: placeholders, shuffled: shuffled, subtasks: make([][]uuid, handles/filesPerSubtask)}
}

func (j *job) next(checkpointID int64) []*checkpoint.OperatorSubtaskState {
	states := make([]*checkpoint.OperatorSubtaskState, len(j.subtasks))
	for i := range j.subtasks {
		states[i] = j.state(checkpointID, &j.subtasks[i])
	}
	return states
}

func (j *job) state(checkpointID int64, files *[]uuid) *checkpoint.OperatorSubtaskState {
	kept := j.renew(files)
	handles := make([]checkpoint.HandleAndLocalPath, filesPerSubtask)
	for i, file := range *files {
		handles[i] = checkpoint.HandleAndLocalPath{LocalPath: fmt.Sprintf("%06d.sst", i), Handle: j.handle(file.path(), i < kept)}
	}
	if j.shuffled {
		j.shuffle(handles)
	}
	return &checkpoint.OperatorSubtaskState{ManagedKeyedState: &checkpoint.IncrementalRemoteKeyedStateHandle{
		CheckpointID: checkpointID, SharedState: handles, MetaState: &checkpoint.ByteStreamStateHandle{HandleName: "meta"},
	}}
}

// renew replaces a tenth of the files, and returns how many are old.
func (j *job) renew(files *[]uuid) (kept int) {
	for len(*files) > filesPerSubtask*9/10 {
		gone := j.roll() % uint64(len(*files))
		*files = append((*files)[:gone], (*files)[gone+1:]...)
	}
	kept = len(*files)
	for len(*files) < filesPerSubtask {
		*files = append(*files, uuid{high: j.roll(), low: j.roll()})
	}
	return kept
}

func (j *job) handle(path string, known bool) checkpoint.StreamStateHandle {
	if known && j.placeholders {
		return &checkpoint.PlaceholderStreamStateHandle{PhysicalID: path, Size: 1}
	}
	return &checkpoint.FileStateHandle{Path: path, Size: 1}
}

func (j *job) shuffle(handles []checkpoint.HandleAndLocalPath) {
	for i := len(handles) - 1; i > 0; i-- {
		other := j.roll() % uint64(i+1)
		handles[i], handles[other] = handles[other], handles[i]
	}
}

// roll is SplitMix64.
func (j *job) roll() uint64 {
	j.dice += 0x9e3779b97f4a7c15
	z := j.dice
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

func (u uuid) path() string {
	var bytes [16]byte
	binary.BigEndian.PutUint64(bytes[:8], u.high)
	binary.BigEndian.PutUint64(bytes[8:], u.low)
	path := append(make([]byte, 0, 128), directory...)
	for i, group := range [][]byte{bytes[:4], bytes[4:6], bytes[6:8], bytes[8:10], bytes[10:]} {
		if i > 0 {
			path = append(path, '-')
		}
		path = hex.AppendEncode(path, group)
	}
	return string(path)
}
