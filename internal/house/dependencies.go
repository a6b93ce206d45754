package house

import (
	"bufio"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
)

// Dependencies complains of modules that the packages import, in code or tests,
// and that the list does not name with a reason; and of those on the list that
// nobody imports. The list has a line for each module, its path and then the
// reason; empty lines and those that begin with # say nothing.
func Dependencies(packages []Package, list io.Reader) ([]Complaint, error) {
	reasons, complaints, err := readReasons(list)
	if err != nil {
		return nil, err
	}
	imported := make(map[string]string) // module to who imports it
	for _, p := range packages {
		for _, module := range p.Modules {
			imported[module] = p.Path
		}
	}
	for _, module := range slices.Sorted(maps.Keys(imported)) {
		if _, ok := reasons[module]; !ok {
			complaints = append(complaints, Complaint(fmt.Sprintf("%s imports %s, which the list of dependencies does not name", imported[module], module)))
		}
	}
	for _, module := range slices.Sorted(maps.Keys(reasons)) {
		if _, ok := imported[module]; !ok {
			complaints = append(complaints, Complaint(fmt.Sprintf("nobody imports %s any more: take it off the list of dependencies", module)))
		}
	}
	return complaints, nil
}

func readReasons(list io.Reader) (reasons map[string]string, complaints []Complaint, err error) {
	reasons = make(map[string]string)
	lines := bufio.NewScanner(list)
	for lines.Scan() {
		line := strings.TrimSpace(lines.Text())
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		module, reason, _ := strings.Cut(line, " ")
		reasons[module] = strings.TrimSpace(reason)
		if reasons[module] == "" {
			complaints = append(complaints, Complaint(module+" is on the list of dependencies without a reason"))
		}
	}
	return reasons, complaints, lines.Err()
}
