package sweep_test

import (
	"fmt"
	"log"

	"github.com/cairnstate/cairn/coordinator/completed"
	"github.com/cairnstate/cairn/coordinator/sweep"
	"github.com/cairnstate/cairn/storage"
)

// A coordinator died while it wrote checkpoint 8 and had just published 9, which no
// store came to have. Checkpoint 7 is retained.
func Example() {
	const used, unused = "3c1f7a52-6f0e-4d0b-9d5b-0c7f1f1f6a01", "9be0a3d4-55d1-4a86-8f63-2f3b7a90c502"
	plan, err := sweep.Decide(&sweep.Facts{
		Shared: []storage.StoredFile{{Name: "shared/" + used, Size: 1000}, {Name: "shared/" + unused, Size: 300}},
		Leftovers: []sweep.Leftover{
			{Leftover: completed.Leftover{ID: 8, Directory: "s3://b/job/chk-8"}, Files: []storage.StoredFile{{Name: "chk-8/0f", Size: 20}}},
			{Leftover: completed.Leftover{ID: 9, Directory: "s3://b/job/chk-9"}, Files: []storage.StoredFile{{Name: "chk-9/_metadata", Size: 50}}},
			{Leftover: completed.Leftover{ID: 10, Directory: "s3://b/savepoint-1", Savepoint: true}, Files: []storage.StoredFile{{Name: "_metadata", Size: 50}}},
		},
		Roots: []sweep.Root{
			{Directory: "s3://b/job/chk-7", Retained: true, Names: map[string]bool{used: true}},
			{Directory: "s3://b/job/chk-9", Names: map[string]bool{used: true}},
		},
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Print(plan)
	// Output:
	// dispose of s3://b/job/chk-8: unfinished, 1 files, 20 bytes
	// dispose of s3://b/job/chk-9: complete, and nobody's, 1 files, 50 bytes
	// discard 1 files of shared that no checkpoint mentions, 300 bytes
	// keep s3://b/savepoint-1: it is complete, and the user's
}
