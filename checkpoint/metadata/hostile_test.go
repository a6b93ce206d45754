package metadata

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"runtime"
	"testing"
)

// A file may come from anyone. These tests hold that whatever is in it, Decode
// returns, with a value or an error, and within its memory.

// allocatedBy returns how many bytes run allocates.
func allocatedBy(run func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	run()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

// slack is what a Decode may allocate beside its budget: the decoder, the text of
// an error, and what the runtime rounds the last slab up to.
const slack = 16 << 10

func memoryLimit(input int) uint64 { return uint64(expansionLimit*input + freeMemory + slack) }

// hostile is a file under construction.
type hostile struct{ *encoder }

func newHostile(version int32) hostile {
	h := hostile{&encoder{version: int(version)}}
	h.i32(magic)
	h.i32(version)
	h.i64(1)
	return h
}

// operator opens an operator with so many subtasks, in versions 3 and 4.
func (h hostile) operator(subtasks int32) {
	h.i32(0)
	h.i32(1)
	h.bytes(make([]byte, 16))
	h.i32(math.MaxInt32)
	h.i32(math.MaxInt32)
	h.tag(tagNull)
	h.i32(subtasks)
}

// keyed opens managed keyed state.
func (h hostile) keyed() {
	h.operator(1)
	h.i32(0)
	h.i32(0)
	h.i32(0)
}

func (h hostile) keyGroupRange(count int32) {
	h.i32(0)
	h.i32(count)
}

// bombs announce more than they hold, or hold many things that are small in the
// file and large in memory.
func bombs() map[string]func(h hostile, n int32) {
	zeros := func(h hostile, n int32) { h.bytes(make([]byte, max(0, min(n, 1<<20)))) }
	return map[string]func(h hostile, n int32){
		"master states": func(h hostile, n int32) { h.i32(n); zeros(h, n) },
		"master payload": func(h hostile, n int32) {
			h.i32(1)
			h.i32(masterStateMagic)
			h.i32(n)
			zeros(h, n)
		},
		"operators": func(h hostile, n int32) { h.i32(0); h.i32(n); zeros(h, n) },
		"finished subtasks": func(h hostile, n int32) {
			h.operator(n)
			for i := range min(n, 1<<18) {
				h.i32(-i - 1)
			}
		},
		"nothing in the slots": func(h hostile, n int32) { h.operator(n); zeros(h, n) },
		"inline bytes": func(h hostile, n int32) {
			h.keyed()
			h.tag(tagSavepointGroups)
			h.keyGroupRange(0)
			h.tag(tagByteStream)
			h.utf("")
			h.i32(n)
			zeros(h, n)
		},
		"key groups": func(h hostile, n int32) {
			h.keyed()
			h.tag(tagKeyGroupsV2)
			h.keyGroupRange(n)
			zeros(h, n)
		},
		"shared files that are empty segments": func(h hostile, n int32) {
			h.keyed()
			h.tag(tagIncrement)
			h.i64(1)
			h.utf("")
			h.keyGroupRange(0)
			h.tag(tagEmptySegment)
			h.i32(n)
			h.bytes(bytes.Repeat([]byte{0, 0, tagEmptySegment}, int(max(0, min(n, 1<<18)))))
		},
		"parts of a changelog that are null": func(h hostile, n int32) {
			h.keyed()
			h.tag(tagChangelog)
			h.keyGroupRange(0)
			h.i64(0)
			h.i32(n)
			zeros(h, n)
		},
		"changes": func(h hostile, n int32) {
			h.keyed()
			h.tag(tagInMemoryLog)
			h.keyGroupRange(0)
			h.i64(0)
			h.i64(0)
			h.i32(n)
			zeros(h, n)
		},
		"changelog files": func(h hostile, n int32) {
			h.keyed()
			h.tag(tagLogFile)
			h.keyGroupRange(0)
			h.i32(n)
			h.bytes(bytes.Repeat([]byte{0, 0, 0, 0, 0, 0, 0, 0, tagEmptySegment}, int(max(0, min(n, 1<<18)))))
		},
		"operator states": func(h hostile, n int32) {
			h.operator(1)
			h.i32(0)
			h.i32(1)
			h.tag(tagOperator)
			h.i32(n)
			zeros(h, n)
		},
		"offsets": func(h hostile, n int32) {
			h.operator(1)
			h.i32(0)
			h.i32(1)
			h.tag(tagOperator)
			h.i32(1)
			h.utf("")
			h.u8(0)
			h.i32(n)
			zeros(h, n)
		},
		"channels": func(h hostile, n int32) {
			h.keyed()
			h.tag(tagNull)
			h.tag(tagNull)
			h.i32(n)
			zeros(h, n)
		},
		"strings that are not plain": func(h hostile, n int32) {
			h.i32(1)
			h.i32(masterStateMagic)
			h.i32(1 << 16)
			h.i32(1)
			h.u16(maxUTF)
			h.bytes(bytes.Repeat([]byte{0xC0, 0x80}, int(max(0, min(n, 1<<15)))))
		},
	}
}

func TestBombs(t *testing.T) {
	for name, bomb := range bombs() {
		for _, n := range []int32{-1, math.MinInt32, 1 << 10, 1 << 18, 1 << 24, math.MaxInt32} {
			for _, version := range []int32{3, 4} {
				t.Run(fmt.Sprintf("%s/%d/version %d", name, n, version), func(t *testing.T) {
					h := newHostile(version)
					bomb(h, n)
					var err error
					got := allocatedBy(func() { _, err = Decode(h.buf, nil) })
					if limit := memoryLimit(len(h.buf)); got > limit {
						t.Errorf("%d bytes of input took %d bytes of memory, %d allowed; error %v", len(h.buf), got, limit, err)
					}
					if err != nil && !errors.Is(err, ErrCorrupt) && !errors.Is(err, ErrExpansion) && !errors.Is(err, ErrUnknownTag) {
						t.Errorf("error %v is of no kind", err)
					}
				})
			}
		}
	}
}

// TestFinished: a job in which nearly all subtasks have finished is as small in
// the file as can be, and still within the budget.
func TestFinished(t *testing.T) {
	for _, subtasks := range []int32{3, 7, 100, 513, 1100, 2000, 32767} {
		h := newHostile(3)
		h.i32(0)
		h.i32(60)
		for range 60 {
			h.bytes(make([]byte, 16))
			h.i32(subtasks)
			h.i32(subtasks)
			h.tag(tagNull)
			h.i32(subtasks)
			for i := range subtasks {
				h.i32(-i - 1)
			}
		}
		var f *File
		var err error
		got := allocatedBy(func() { f, err = Decode(h.buf, nil) })
		if err != nil {
			t.Fatalf("60 operators with %d finished subtasks: %v", subtasks, err)
		}
		if got := len(f.Operators[59].Subtasks); got != int(subtasks) {
			t.Errorf("%d subtasks, want %d", got, subtasks)
		}
		if limit := memoryLimit(len(h.buf)); got > limit {
			t.Errorf("%d bytes of input took %d bytes of memory, %d allowed", len(h.buf), got, limit)
		}
	}
}

// TestStringsAreDrawn: strings that must be copied count too.
func TestStringsAreDrawn(t *testing.T) {
	const text = "\xc3\xa9"
	d := &decoder{data: append([]byte{0, 2}, text...), mem: &memory{budget: 17}}
	if d.utf(); !errors.Is(d.err, ErrExpansion) {
		t.Errorf("error %v, want ErrExpansion", d.err)
	}
	plain := &decoder{data: []byte{0, 1, 'e'}, mem: &memory{}}
	if s := plain.utf(); s != "e" || plain.err != nil {
		t.Errorf("a plain string is a view, and needs no memory: %q, error %v", s, plain.err)
	}
}

// TestExpansion: what is small in the file and large in memory is refused for
// that, and not by chance.
func TestExpansion(t *testing.T) {
	h := newHostile(3)
	bombs()["shared files that are empty segments"](h, 1<<18)
	if _, err := Decode(h.buf, nil); !errors.Is(err, ErrExpansion) {
		t.Errorf("error %v, want ErrExpansion", err)
	}
}

func TestNesting(t *testing.T) {
	streams := newHostile(3)
	streams.keyed()
	for range 1 << 16 {
		streams.tag(tagKeyGroups)
		streams.keyGroupRange(0)
	}
	changelogs := newHostile(3)
	changelogs.keyed()
	for range 1 << 16 {
		changelogs.tag(tagChangelog)
		changelogs.keyGroupRange(0)
		changelogs.i64(0)
		changelogs.i32(1)
	}
	for name, h := range map[string]hostile{"streams": streams, "changelogs": changelogs} {
		if _, err := Decode(h.buf, nil); !errors.Is(err, ErrCorrupt) {
			t.Errorf("%s nested without end: error %v, want ErrCorrupt", name, err)
		}
	}
}

// decodes decodes data that is not to be trusted, and checks what it can of a
// value: that it can be written, and then says the same.
func decodes(t testing.TB, data []byte) {
	f, err := Decode(data, &DecodeOptions{Version7: true})
	if err != nil {
		return
	}
	options := &EncodeOptions{Version7: true}
	once, err := Encode(f, options)
	if err != nil {
		t.Fatalf("decoded, and cannot be encoded: %v\n%x", err, data)
	}
	same := &DecodeOptions{Version7: true, ChannelState: ChannelStateCurrent, Changelog: ChangelogCurrent}
	if f.EarlyChannelState {
		same.ChannelState = ChannelStateEarly
	}
	if f.EarlyChangelog {
		same.Changelog = ChangelogEarly
	}
	g, err := Decode(once, same)
	if err != nil {
		t.Fatalf("encoded, and cannot be decoded: %v\n%x", err, data)
	}
	if twice, err := Encode(g, options); err != nil || !bytes.Equal(once, twice) {
		t.Fatalf("changes each time it is encoded; error %v\n%x", err, data)
	}
}
