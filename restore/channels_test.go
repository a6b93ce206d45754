package restore

import (
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/job"
)

// channel returns the state of one channel of a subtask. Its file tells which.
func channel(subtask, group, index int32) *checkpoint.SingleChannelStateHandle {
	return &checkpoint.SingleChannelStateHandle{
		SubtaskIndex: subtask,
		Channel:      checkpoint.ChannelInfo{Group: group, Index: index},
		Offsets:      []int64{1},
		Size:         10,
		Delegate:     stateFile("%d/%d/%d", subtask, group, index),
	}
}

func printChannels(handles ChannelHandles) string {
	var parts []string
	for h := range handles.All() {
		parts = append(parts, pathOf(h.Delegate))
	}
	if len(parts) != handles.Len() {
		return fmt.Sprintf("Len is %d for %v", handles.Len(), parts)
	}
	return strings.Join(parts, " ")
}

// inFlight returns an operator each of whose subtasks has a buffer in each of
// these input gates and result partitions, of channel 0.
func inFlight(uid string, parallelism int32, gates, partitions []int32) checkpoint.OperatorState {
	return operator(uid, parallelism, 128, func(i int32) *checkpoint.OperatorSubtaskState {
		channels := &checkpoint.ChannelState{}
		for _, gate := range gates {
			channels.Input = append(channels.Input, channel(i, gate, 0))
		}
		for _, partition := range partitions {
			channels.ResultSubpartition = append(channels.ResultSubpartition, channel(i, partition, 0))
		}
		return &checkpoint.OperatorSubtaskState{Channels: channels}
	})
}

func inputsOf(v *VertexAssignment) (lines []string) {
	for task := range v.Subtasks() {
		lines = append(lines, printChannels(task.Operators[0].InputChannels))
	}
	return lines
}

func outputsOf(v *VertexAssignment) (lines []string) {
	for task := range v.Subtasks() {
		lines = append(lines, printChannels(task.Operators[len(task.Operators)-1].ResultSubpartitions))
	}
	return lines
}

func TestChannelsAreKept(t *testing.T) {
	j := newJob(t, vertex("a", 2, 0), vertex("b", 3, 0, input(t, 0, "broadcast")))
	a := assign(t, j, inFlight("a", 2, nil, []int32{0}), inFlight("b", 3, []int32{0}, nil))
	if got, want := outputsOf(&a.Vertices[0]), []string{"0/0/0", "1/0/0"}; !slices.Equal(got, want) {
		t.Errorf("outputs %q, want %q", got, want)
	}
	if got, want := inputsOf(&a.Vertices[1]), []string{"0/0/0", "1/0/0", "2/0/0"}; !slices.Equal(got, want) {
		t.Errorf("inputs %q, want %q", got, want)
	}
	for _, v := range a.Vertices {
		for task := range v.Subtasks() {
			if task.Operators[0].InputRescaling != nil || task.Operators[0].OutputRescaling != nil {
				t.Error("a rescaling is described where nothing was rescaled")
			}
		}
	}
}

// A keyed exchange from 2 to 3 subtasks, the reader from 3 to 2: the readers get
// ranges, and both sides learn how the other changed.
func TestChannelsAreRescaled(t *testing.T) {
	j := newJob(t, vertex("a", 3, 0), vertex("b", 2, 0, input(t, 0, "hash")))
	a := assign(t, j, inFlight("a", 2, nil, []int32{0}), inFlight("b", 3, []int32{0}, nil))
	if got, want := outputsOf(&a.Vertices[0]), []string{"0/0/0", "1/0/0", ""}; !slices.Equal(got, want) {
		t.Errorf("outputs %q, want %q", got, want)
	}
	if got, want := inputsOf(&a.Vertices[1]), []string{"0/0/0 1/0/0", "1/0/0 2/0/0"}; !slices.Equal(got, want) {
		t.Errorf("inputs %q, want %q", got, want)
	}
	reader := a.Vertices[1].Subtask(1).Operators[0].InputRescaling
	if len(reader) != 1 || reader[0].Identity || reader[0].NoState {
		t.Fatalf("reader 1: %+v", reader)
	}
	if got := slices.Collect(reader[0].OldSubtasks.All()); !slices.Equal(got, []int32{1, 2}) {
		t.Errorf("reader 1 takes over %v, want 1 and 2", got)
	}
	if !reader[0].IsAmbiguous(1) || reader[0].IsAmbiguous(2) {
		t.Error("old subtask 1, and only that, is read twice")
	}
	if got := printMapping(reader[0].Channels); got != "0 | 1 | " {
		t.Errorf("writers were mapped %q", got)
	}
	writer := a.Vertices[0].Subtask(0).Operators[0].OutputRescaling
	if len(writer) != 1 || writer[0].Identity || printMapping(writer[0].Channels) != "0,1 | 1,2" {
		t.Errorf("writer 0: %+v", writer)
	}
	if got := a.Vertices[0].Subtask(2).Operators[0].OutputRescaling; got != nil {
		t.Errorf("writer 2 takes over nobody, but gets %+v", got)
	}
}

// A vertex without data of its own is told of the rescaling of its neighbours
// (FLINK-31963).
func TestNeighboursOfChannelsAreTold(t *testing.T) {
	j := newJob(t, vertex("a", 3, 0), vertex("b", 2, 0, input(t, 0, "rebalance")), vertex("c", 1, 0))
	a := assign(t, j, inFlight("b", 3, []int32{0}, nil))
	if !a.Vertices[0].Restored || !a.Vertices[1].Restored || a.Vertices[2].Restored {
		t.Errorf("restored: %v %v %v", a.Vertices[0].Restored, a.Vertices[1].Restored, a.Vertices[2].Restored)
	}
	writer := a.Vertices[0].Subtask(0).Operators[0].OutputRescaling
	if len(writer) != 1 || printMapping(writer[0].Channels) != "0,2 | 1" {
		t.Errorf("writer: %+v", writer)
	}
}

// Readers that stay as they are learn that their writers changed.
func TestReadersOfRescaledWritersAreTold(t *testing.T) {
	// The reader comes first, so that nothing is known of it from its writer.
	j := newJob(t, vertex("b", 2, 0, input(t, 1, "hash")), vertex("a", 2, 0))
	a := assign(t, j, inFlight("a", 3, nil, []int32{0}))
	reader := a.Vertices[0].Subtask(1).Operators[0].InputRescaling
	if len(reader) != 1 || reader[0].Identity || printMapping(reader[0].Channels) != "0,2 | 1" {
		t.Errorf("reader: %+v", reader)
	}
}

func TestChannelsOfSeveralGates(t *testing.T) {
	j := newJob(t,
		vertex("a", 1, 0), vertex("b", 1, 0),
		vertex("c", 2, 0, input(t, 0, "rebalance"), input(t, 1, "broadcast"), input(t, 0, "hash")),
	)
	a := assign(t, j, inFlight("c", 3, []int32{0, 2}, nil))
	want := []string{"0/0/0 2/0/0 0/2/0 1/2/0", "1/0/0 1/2/0 2/2/0"}
	if got := inputsOf(&a.Vertices[2]); !slices.Equal(got, want) {
		t.Errorf("inputs %q, want %q", got, want)
	}
	descriptor := a.Vertices[2].Subtask(0).Operators[0].InputRescaling
	if len(descriptor) != 3 || descriptor[0].NoState || !descriptor[1].NoState || descriptor[2].NoState {
		t.Errorf("descriptor: %+v", descriptor)
	}
	writers := a.Vertices[0].Subtask(0).Operators[0].OutputRescaling
	if len(writers) != 2 || printMapping(writers[0].Channels) != "0,2 | 1" || printMapping(writers[1].Channels) != "0,1 | 1,2" {
		t.Errorf("the two edges of a were mixed up: %+v", writers)
	}
}

// All get everything with a FULL mapper, from one shared list.
func TestFullMapperShares(t *testing.T) {
	j := newJob(t, vertex("a", 1, 0), vertex("b", 4, 0, input(t, 0, "custom")))
	a := assign(t, j, inFlight("b", 3, []int32{0}, nil))
	first := a.Vertices[1].Subtask(0).Operators[0].InputChannels.first
	for task := range a.Vertices[1].Subtasks() {
		got := task.Operators[0].InputChannels.first
		if len(got) != 3 || &got[0] != &first[0] {
			t.Errorf("subtask %d has %d handles of its own", task.Subtask, len(got))
		}
	}
}

// With a FULL mapper, readers get everything again if only writers changed
// (FLINK-35351).
func TestFullMapperFollowsWriters(t *testing.T) {
	for writers, want := range map[int32][]string{
		2: {"0/0/0", "1/0/0"},
		3: {"0/0/0 1/0/0", "0/0/0 1/0/0"},
	} {
		j := newJob(t, vertex("a", writers, 0), vertex("b", 2, 0, input(t, 0, "custom")))
		a := assign(t, j, inFlight("a", 2, nil, []int32{0}), inFlight("b", 2, []int32{0}, nil))
		if got := inputsOf(&a.Vertices[1]); !slices.Equal(got, want) {
			t.Errorf("%d writers: inputs %q, want %q", writers, got, want)
		}
	}
}

func TestChannelsThatCannotBeRescaled(t *testing.T) {
	for _, partitioner := range []string{"forward", "rescale", "broadcast"} {
		for name, operators := range map[string][]checkpoint.OperatorState{
			"input":  {inFlight("b", 3, []int32{0}, nil)},
			"output": {inFlight("a", 3, nil, []int32{0})},
		} {
			t.Run(partitioner+" "+name, func(t *testing.T) {
				j := newJob(t, vertex("a", 2, 0), vertex("b", 2, 0, input(t, 0, partitioner)))
				if _, err := Assign(7, j, operators, nil); !errors.Is(err, ErrUnrescalable) {
					t.Errorf("error is %v, want ErrUnrescalable", err)
				}
			})
		}
	}
}

// Of a derived job no edges are known, so data in flight can only stay.
func TestChannelsOfDerivedJob(t *testing.T) {
	md := &checkpoint.Metadata{Operators: []checkpoint.OperatorState{inFlight("a", 2, []int32{0}, []int32{0})}}
	for parallelism, want := range map[int32]error{2: nil, 3: ErrUnrescalable} {
		j, err := job.FromMetadata(md, job.Parallelism{All: parallelism})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := Assign(7, j, md.Operators, nil); !errors.Is(err, want) {
			t.Errorf("parallelism %d: error is %v, want %v", parallelism, err, want)
		}
	}
}

func TestChannelsBetweenChained(t *testing.T) {
	chained := newJob(t, vertex("a,b", 2, 0))
	// The head has data in flight too, so Flink looks, and refuses.
	_, err := Assign(7, chained, []checkpoint.OperatorState{
		inFlight("a", 2, []int32{0}, nil), inFlight("b", 2, []int32{0}, nil),
	}, nil)
	if !errors.Is(err, ErrChained) || !strings.Contains(err.Error(), checkpoint.OperatorIDFromUID("b").String()) {
		t.Errorf("error is %v, want ErrChained for b", err)
	}
	// It has not, so Flink does not look. What is lost is reported.
	a := assign(t, chained, inFlight("b", 2, []int32{0}, nil))
	if len(a.NotRestored) != 1 || a.NotRestored[0].Reason != ReasonInFlight || a.NotRestored[0].StateBytes != 20 {
		t.Errorf("not restored: %+v", a.NotRestored)
	}
	// The same behind the chain.
	_, err = Assign(7, chained, []checkpoint.OperatorState{
		inFlight("a", 2, nil, []int32{0}), inFlight("b", 2, nil, []int32{0}),
	}, nil)
	if !errors.Is(err, ErrChained) {
		t.Errorf("error is %v, want ErrChained", err)
	}
}

// A gate that the job no longer has loses its data, as in Flink; it is reported.
func TestChannelsOfLostGate(t *testing.T) {
	j := newJob(t, vertex("a", 1, 0), vertex("b", 2, 0, input(t, 0, "hash"), input(t, 0, "hash")))
	a := assign(t, j, inFlight("b", 3, []int32{0, 2}, nil))
	if len(a.NotRestored) != 1 || a.NotRestored[0].Reason != ReasonInFlight || a.NotRestored[0].StateBytes != 30 {
		t.Errorf("not restored: %+v", a.NotRestored)
	}
}

func TestRecoverOutputDownstream(t *testing.T) {
	writers := operator("a", 2, 128, func(i int32) *checkpoint.OperatorSubtaskState {
		return &checkpoint.OperatorSubtaskState{Channels: &checkpoint.ChannelState{
			ResultSubpartition: []checkpoint.ChannelStateHandle{channel(i, 0, 0), channel(i, 0, 2)},
		}}
	})
	for name, test := range map[string]struct {
		readers int32
		want    []string
	}{
		"as they were": {3, []string{"0<-0 0<-1", "", "2<-0 2<-1"}},
		"rescaled":     {2, []string{"0<-0 0<-1", "2<-0 2<-1"}},
	} {
		t.Run(name, func(t *testing.T) {
			j := newJob(t, vertex("a", 2, 0), vertex("b", test.readers, 0, input(t, 0, "hash")))
			a, err := Assign(7, j, []checkpoint.OperatorState{writers, operator("b", 3, 128, func(int32) *checkpoint.OperatorSubtaskState {
				return &checkpoint.OperatorSubtaskState{}
			})}, &Options{RecoverOutputDownstream: true})
			if err != nil {
				t.Fatal(err)
			}
			if got := strings.Join(outputsOf(&a.Vertices[0]), ""); got != "" {
				t.Errorf("writers kept %s", got)
			}
			var got []string
			for task := range a.Vertices[1].Subtasks() {
				var buffers []string
				for h := range task.Operators[0].UpstreamOutputBuffers.All() {
					buffers = append(buffers, fmt.Sprintf("%d<-%d", h.SubtaskIndex, h.Channel.Index))
				}
				got = append(got, strings.Join(buffers, " "))
			}
			if !slices.Equal(got, test.want) {
				t.Errorf("buffers %q, want %q", got, test.want)
			}
		})
	}
	// Readers that were added to those of an identity have an address, old or new.
	grown := newJob(t, vertex("a", 1, 0), vertex("b", 3, 0, input(t, 0, "rebalance")))
	b, err := Assign(7, grown, []checkpoint.OperatorState{writers, inFlight("b", 2, []int32{0}, nil)},
		&Options{RecoverOutputDownstream: true})
	if err != nil || b.Vertices[1].Subtask(2).Operators[0].UpstreamOutputBuffers.Len() != 2 {
		t.Errorf("buffers for a reader that was added: %v", err)
	}
	// Flink loses what is addressed to a reader that there is not. So it is here,
	// but reported. A partition that there is not is refused.
	j := newJob(t, vertex("a", 2, 0), vertex("b", 1, 0, input(t, 0, "rebalance")))
	a, err := Assign(7, j, []checkpoint.OperatorState{writers}, &Options{RecoverOutputDownstream: true})
	if err != nil || len(a.NotRestored) != 2 || a.NotRestored[0].Reason != ReasonInFlight {
		t.Errorf("buffers for a reader that there is not: %+v, %v", a, err)
	}
	_, err = Assign(7, j, []checkpoint.OperatorState{inFlight("a", 2, nil, []int32{1})}, &Options{RecoverOutputDownstream: true})
	if !errors.Is(err, ErrUnrescalable) {
		t.Errorf("a buffer of no partition: error is %v, want ErrUnrescalable", err)
	}
}

// merged encodes channels as metadata version 6 does.
func merged(subtask int32, channels ...*checkpoint.SingleChannelStateHandle) *checkpoint.MergedChannelStateHandle {
	h := &checkpoint.MergedChannelStateHandle{SubtaskIndex: subtask, Delegate: stateFile("merged")}
	b := binary.BigEndian.AppendUint32(nil, uint32(len(channels)))
	for _, c := range channels {
		b = binary.BigEndian.AppendUint32(b, uint32(c.Channel.Group))
		b = binary.BigEndian.AppendUint32(b, uint32(c.Channel.Index))
		b = binary.BigEndian.AppendUint64(b, uint64(c.Size))
		b = binary.BigEndian.AppendUint32(b, uint32(len(c.Offsets)))
		for _, offset := range c.Offsets {
			b = binary.BigEndian.AppendUint64(b, uint64(offset))
		}
	}
	h.ChannelOffsets = b
	return h
}

func TestUnmerge(t *testing.T) {
	one, two := channel(4, 0, 1), channel(4, 2, 3)
	two.Offsets = []int64{5, 6, 7}
	handle := merged(4, one, two)
	got, err := unmerge([]checkpoint.ChannelStateHandle{handle, one})
	if err != nil {
		t.Fatal(err)
	}
	one2, two2 := *one, *two
	one2.Delegate, two2.Delegate = handle.Delegate, handle.Delegate
	if diff := cmp.Diff([]*checkpoint.SingleChannelStateHandle{&one2, &two2, one}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	// Cut off anywhere it is an error, and a huge count allocates nothing.
	for n := range handle.ChannelOffsets {
		cut := *handle
		cut.ChannelOffsets = handle.ChannelOffsets[:n]
		if _, err := unmerge([]checkpoint.ChannelStateHandle{&cut}); err == nil {
			t.Errorf("cut off at %d: no error", n)
		}
	}
	bad := operator("b", 1, 128, func(int32) *checkpoint.OperatorSubtaskState {
		return &checkpoint.OperatorSubtaskState{Channels: &checkpoint.ChannelState{Input: []checkpoint.ChannelStateHandle{
			&checkpoint.MergedChannelStateHandle{ChannelOffsets: []byte{0x7f, 0xff, 0xff, 0xff}},
		}}}
	})
	if _, err := Assign(7, newJob(t, vertex("b", 1, 0)), []checkpoint.OperatorState{bad}, nil); !errors.Is(err, ErrInconsistent) {
		t.Errorf("error is %v, want ErrInconsistent", err)
	}
}
