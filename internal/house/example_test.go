package house_test

import (
	"fmt"

	"github.com/cairnstate/cairn/internal/house"
)

func ExampleArrows() {
	packages := []house.Package{
		{Path: "checkpoint", Imports: []string{"errors", "storage"}},
		{Path: "storage", Imports: []string{"checkpoint"}},
	}
	rooms := map[string]house.Room{
		"checkpoint": {Why: "values know nothing of where they are kept"},
		"storage":    {May: []string{"checkpoint"}},
	}
	for _, complaint := range house.Arrows(packages, rooms) {
		fmt.Println(complaint)
	}
	// Output:
	// checkpoint imports storage, and may not: values know nothing of where they are kept
}
