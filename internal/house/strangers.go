package house

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Strangers complains of packages that import, in code or tests, what is internal
// to the module. An example in a module of its own below ours could, by the rules
// of the go command; whoever copies it could not.
func Strangers(packages []Package, module string) ([]Complaint, error) {
	var complaints []Complaint
	for _, p := range packages {
		files, err := parse(p.Dir)
		if err != nil {
			return nil, err
		}
		for name, file := range files {
			for _, spec := range file.Imports {
				path, _ := strconv.Unquote(spec.Path.Value) // it was parsed
				if strings.HasPrefix(path, module+"/") && slices.Contains(strings.Split(path, "/"), "internal") {
					complaints = append(complaints, Complaint(fmt.Sprintf("%s/%s imports %s, which a stranger cannot", p.Path, name, path)))
				}
			}
		}
	}
	return complaints, nil
}
