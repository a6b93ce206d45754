package sharedstate_test

import (
	"fmt"
	"math/rand/v2"
	"strings"

	"github.com/cairnstate/cairn/checkpoint"
)

type mentionKind int

const (
	aFile        mentionKind = iota // a file to share
	aDirectory                      // one of file merging
	aPrivate                        // a file or segment of somebody else
	anInline                        // bytes
	aPlaceholder                    // a placeholder
)

// mention is one thing that a checkpoint names.
type mention struct {
	kind         mentionKind
	key          string // the path in its one right spelling; the name of inline bytes
	path         string // as it is spelt here
	size         int64
	data         []byte
	materialized bool // private, and named again by later checkpoints
}

// names has every form of name that the registry treats in its own way.
func names() []string {
	var all []string
	for _, dir := range []string{"s3://b", "s3://b/job/shared", "s3://b/job/shared/s0", "s3://c/job", "file://", "file:///job/shared", "gs://b/job:1"} {
		for _, name := range []string{
			"000001.sst", "f", "sixteen-bytes-00", "seventeen-bytes-0", "f:x", ".hidden", "...",
			"0f8fad5b-d9cb-469f-a165-70867728950e", "0F8FAD5B-D9CB-469F-A165-70867728950E", "0f8fad5b-d9cb-469f-a165-70867728950g",
			"0f8fad5b-d9cb-469f-a165-70867728950f", "0f8fad5b0d9cb-469f-a165-70867728950e", "s0", "job", "shared",
		} {
			all = append(all, dir+"/"+name)
		}
	}
	return append(all, "s3://b/", "file:///")
}

// dice makes random mentions.
type dice struct {
	*rand.Rand
	names []string // of which it takes some, lest all be new
}

func newDice(seed uint64) dice {
	d := dice{Rand: rand.New(rand.NewPCG(seed, 0)), names: names()}
	d.Shuffle(len(d.names), func(i, j int) { d.names[i], d.names[j] = d.names[j], d.names[i] })
	d.names = d.names[:6+d.IntN(40)]
	return d
}

// mentions are some of one subtask, directories first, as the walk has them.
func (d dice) mentions(placeholders bool) []mention {
	var all []mention
	for range d.IntN(2) {
		all = append(all, d.path(aDirectory), d.path(aDirectory))
	}
	for range d.IntN(12) {
		switch p := d.Float64(); {
		case p < 0.45:
			all = append(all, d.file())
		case p < 0.6:
			all = append(all, mention{kind: anInline, key: d.inline(), data: d.data()})
			all[len(all)-1].path = all[len(all)-1].key
		case p < 0.7:
			m := d.path(aPrivate)
			m.materialized = true
			all = append(all, m)
		case placeholders && p < 0.95:
			all = append(all, d.path(aPlaceholder))
		case placeholders:
			name := d.inline()
			all = append(all, mention{kind: aPlaceholder, key: name, path: name})
		}
	}
	return all
}

func (d dice) file() mention {
	m := d.path(aFile)
	if m.size = 1; d.IntN(20) == 0 {
		m.size = d.Int64N(4) - 1
	}
	return m
}

func (d dice) path(kind mentionKind) mention {
	key := d.names[d.IntN(len(d.names))]
	return mention{kind: kind, key: key, path: d.spell(key)}
}

func (d dice) inline() string { return fmt.Sprintf("inline-%d", d.IntN(4)) }

func (d dice) data() []byte {
	if d.IntN(20) == 0 {
		return []byte("other")
	}
	return []byte("data")
}

// spell spells a path in some way.
func (d dice) spell(path string) string {
	if d.IntN(3) > 0 {
		return path
	}
	scheme, rest, _ := strings.Cut(path, "://")
	slash := strings.IndexByte(rest, '/')
	authority, parts := rest[:slash], rest[slash+1:]
	switch d.IntN(6) {
	case 0:
		parts = ".//" + parts
	case 1:
		parts = "./" + parts
	case 2:
		parts = "x/../" + parts
	case 3:
		parts += "/"
	case 4:
		parts = strings.ReplaceAll(parts, "/", "//")
	}
	if scheme == "file" {
		return []string{"file:/", "file:///", "/", "FILE:/"}[d.IntN(4)] + parts
	}
	if scheme == "s3" {
		scheme = []string{"s3", "s3a", "s3n", "S3"}[d.IntN(4)]
	}
	return scheme + "://" + authority + "/" + parts
}

// state is the state of a subtask that mentions just that, in that order. Shared
// handles that follow each other may be in one snapshot or in several.
func (d dice) state(mentions []mention) *checkpoint.OperatorSubtaskState {
	s := &checkpoint.OperatorSubtaskState{}
	if len(mentions) > 0 && mentions[0].kind == aDirectory {
		s.ManagedOperatorState = &checkpoint.FileMergingOperatorStreamStateHandle{
			TaskOwnedDir: mentions[0].path, SharedDir: mentions[1].path, Empty: true, Delegate: &checkpoint.EmptySegmentFileStateHandle{},
		}
		mentions = mentions[2:]
	}
	log := &checkpoint.ChangelogStateBackendHandle{}
	var last *checkpoint.IncrementalRemoteKeyedStateHandle
	for _, m := range mentions {
		if last == nil || len(last.PrivateState) > 0 || d.IntN(3) == 0 {
			last = &checkpoint.IncrementalRemoteKeyedStateHandle{}
			log.Materialized = append(log.Materialized, last)
		}
		part := checkpoint.HandleAndLocalPath{Handle: m.handle()}
		if m.kind == aPrivate {
			last.PrivateState = append(last.PrivateState, part)
		} else {
			last.SharedState = append(last.SharedState, part)
		}
	}
	s.ManagedKeyedState = log
	return s
}

func (m mention) handle() checkpoint.StreamStateHandle {
	switch m.kind {
	case anInline:
		return &checkpoint.ByteStreamStateHandle{HandleName: m.path, Data: m.data}
	case aPlaceholder:
		return &checkpoint.PlaceholderStreamStateHandle{PhysicalID: m.path}
	}
	return &checkpoint.FileStateHandle{Path: m.path, Size: m.size}
}
