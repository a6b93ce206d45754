package house

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Room is the place of a package in the house.
type Room struct {
	May []string // the rooms it may import; "*" for all
	Why string   // what would be lost if it imported more
}

// Arrows complains of imports that the rooms do not allow, of packages that have
// no room, and of rooms with nobody in them. Only the code counts; a test may
// look wherever it likes.
func Arrows(packages []Package, rooms map[string]Room) []Complaint {
	var complaints []Complaint
	ours := make(map[string]bool)
	for _, p := range packages {
		ours[p.Path] = true
	}
	for _, p := range packages {
		room, ok := rooms[p.Path]
		if !ok {
			complaints = append(complaints, Complaint(fmt.Sprintf("%s has no place in the house: give it a room, with the reason", p.Path)))
			continue
		}
		for _, path := range p.Imports {
			if ours[path] && !slices.Contains(room.May, "*") && !slices.Contains(room.May, path) {
				complaints = append(complaints, Complaint(fmt.Sprintf("%s imports %s, and may not: %s", p.Path, path, room.Why)))
			}
		}
	}
	for _, path := range slices.Sorted(maps.Keys(rooms)) {
		if !ours[path] {
			complaints = append(complaints, Complaint(fmt.Sprintf("the room %s is empty: take it out of the table, or correct its name", path)))
		}
	}
	return complaints
}

// Links complains of each of the rooms that links something below one of the
// forbidden import paths, however far down, and of forbidden paths that nobody in
// the house links any more: such a rule would hold nothing.
func Links(packages []Package, rooms, forbidden []string) []Complaint {
	var complaints []Complaint
	seen := make(map[string]bool)
	for _, p := range packages {
		for _, path := range forbidden {
			at := slices.IndexFunc(p.Links, func(link string) bool { return link == path || strings.HasPrefix(link, path+"/") })
			if at < 0 {
				continue
			}
			seen[path] = true
			if slices.Contains(rooms, p.Path) {
				complaints = append(complaints, Complaint(fmt.Sprintf("%s links %s: whoever imports it would pay for a cloud that he does not use", p.Path, p.Links[at])))
			}
		}
	}
	for _, path := range forbidden {
		if !seen[path] {
			complaints = append(complaints, Complaint(fmt.Sprintf("nobody links %s any more: take it out of the rule", path)))
		}
	}
	return complaints
}
