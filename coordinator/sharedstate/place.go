package sharedstate

import "strings"

// place is what comes before a name: the directory. It is the same for nearly all
// files of a job, so that an entry needs but its number. A path that cannot be cut
// into place and name, or is spelt so that cutting would lose how, is a place of its own.
type place struct {
	text  string
	whole bool    // the text is the path, and not the directory
	right placeID // the place in its one right spelling; often this one
	uses  int     // by entries, and by other spellings
}

type placeID uint32

// noPlace is that of entries that are free.
const noPlace placeID = 0

// gonePlace is no directory, and not one that nothing uses yet.
var gonePlace = place{whole: true, uses: -1}

// places numbers places, as long as something uses them.
type places struct {
	all         []place
	free        []placeID
	directories map[string]placeID
	wholes      map[string]placeID
	last        placeID   // the directory that was asked for last: most are asked for again
	unused      []placeID // were made, and nothing may have come of it
}

func newPlaces() places {
	return places{all: []place{noPlace: gonePlace}, directories: make(map[string]placeID), wholes: make(map[string]placeID)}
}

// directory returns the place of the names in a directory.
func (p *places) directory(text string) placeID {
	if last := &p.all[p.last]; text == last.text && !last.whole {
		return p.last
	}
	id, known := p.directories[text]
	if !known {
		id = p.add(place{text: strings.Clone(text)})
		p.directories[p.all[id].text] = id
		if right := canonicalDirectory(text); right != text {
			p.link(id, p.directory(right))
		}
	}
	p.last = id
	return id
}

// whole returns the place of one path, and what of the right spelling is its name.
func (p *places) whole(path string) (placeID, name) {
	id, known := p.wholes[path]
	if known && p.all[p.all[id].right].whole {
		return id, name{}
	}
	right := canonical(path)
	dir, n, named := cut(right)
	if known {
		return id, n
	}
	id = p.add(place{text: strings.Clone(path), whole: true})
	p.wholes[p.all[id].text] = id
	if named {
		p.link(id, p.directory(dir))
	} else if right != path {
		other, _ := p.whole(right)
		p.link(id, other)
	}
	return id, n
}

func (p *places) add(added place) placeID {
	id := placeID(len(p.all))
	if last := len(p.free) - 1; last >= 0 {
		id, p.free = p.free[last], p.free[:last]
	} else {
		p.all = append(p.all, place{})
	}
	added.right = id
	p.all[id] = added
	p.unused = append(p.unused, id)
	return id
}

func (p *places) link(id, right placeID) {
	p.all[id].right = right
	p.all[right].uses++
}

// release ends one use.
func (p *places) release(id placeID) {
	at := &p.all[id]
	if at.uses--; at.uses <= 0 {
		p.remove(id)
	}
}

func (p *places) remove(id placeID) {
	gone := p.all[id]
	p.all[id] = gonePlace
	p.free = append(p.free, id)
	if gone.whole {
		delete(p.wholes, gone.text)
	} else {
		delete(p.directories, gone.text)
	}
	if gone.right != id {
		p.release(gone.right)
	}
}

// settle drops the new places that nothing uses.
func (p *places) settle() {
	for i := len(p.unused) - 1; i >= 0; i-- {
		if id := p.unused[i]; p.all[id].uses == 0 {
			p.remove(id)
		}
	}
	p.unused = p.unused[:0]
}
