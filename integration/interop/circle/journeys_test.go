//go:build interop

package circle

import (
	"time"

	"github.com/cairnstate/cairn/checkpoint"
	"github.com/cairnstate/cairn/checkpoint/metadata"
	"github.com/cairnstate/cairn/coordinator"
	"github.com/cairnstate/cairn/job/checkpointing"
)

// journeys between them have each state backend, each kind of snapshot, each claim mode,
// each version of the metadata, and restores at more, fewer and as many subtasks.
func journeys() []journey {
	return []journey{
		{name: "RocksDB on disk", place: disk, job: "features", step: 400, whole: features, tidy: true, legs: []leg{
			{change: "same", options: rocksdb, takes: 3, leaves: aCheckpoint},
			{change: "same", options: rocksdb, mode: coordinator.Claim, takes: 3, leaves: aCheckpoint},
			{change: "odd", options: rocksdb, mode: coordinator.NoClaim, takes: 1, leaves: aCheckpoint},
			{change: "half", options: rocksdb, mode: coordinator.Claim, takes: 1, leaves: aSavepoint(checkpoint.Native)},
			{change: "same", options: rocksdb, mode: coordinator.NoClaim, leaves: aStop(checkpoint.Canonical, false)},
			{change: "double", options: hashmap, mode: coordinator.Claim, takes: 1, leaves: aStop(checkpoint.Native, true)},
			{change: "same", options: hashmap, mode: coordinator.NoClaim},
		}},
		{name: "MinIO", place: minio, job: "features", step: 400, whole: features, legs: []leg{
			{change: "same", options: rocksdb, version: metadata.Version3, takes: 2, leaves: aCheckpoint},
			{change: "same", options: rocksdb, mode: coordinator.Claim, version: metadata.Version4, takes: 2, leaves: aCheckpoint},
			{change: "double", options: rocksdb, mode: coordinator.NoClaim, version: metadata.Version5, takes: 1, leaves: aSavepoint(checkpoint.Native)},
			{change: "same", options: rocksdb, mode: coordinator.NoClaim, leaves: aStop(checkpoint.Canonical, false)},
			{change: "half", options: hashmap, mode: coordinator.Claim, takes: 1, leaves: aCheckpoint},
			{change: "same", options: hashmap, mode: coordinator.NoClaim},
		}},
		{
			name: "records in flight", place: disk, job: "in-flight", step: 100, whole: counted, tidy: true, delay: 20 * time.Millisecond,
			config: func(c *checkpointing.Config) { c.Unaligned = true },
			legs: []leg{
				{change: "same", options: unaligned, takes: 1, leaves: anInFlight},
				{change: "half", options: unaligned, mode: coordinator.Claim, leaves: anInFlight},
				{change: "double", options: unaligned, mode: coordinator.NoClaim, leaves: anInFlight},
				{change: "same", options: unaligned},
			},
		},
		{
			name: "tasks that finish", place: disk, job: "finishing", step: 2000, whole: goesOn, tidy: true,
			config: func(c *checkpointing.Config) { c.TolerableFailures = 50 },
			legs: []leg{
				{change: "same", options: hashmap, leaves: aFinished},
				{change: "odd", options: hashmap, mode: coordinator.Claim, leaves: aFinished},
				{change: "same", options: hashmap},
			},
		},
		{name: "merged files", place: disk, job: "features", step: 400, whole: features, legs: []leg{
			{change: "same", options: merging, takes: 2, leaves: aCheckpoint},
			{change: "same", options: merging, mode: coordinator.Claim, takes: 2, leaves: aCheckpoint},
			{change: "half", options: merging, mode: coordinator.NoClaim},
		}},
		{name: "changelog", place: disk, job: "features", step: 400, whole: features, clings: true, legs: []leg{
			{change: "same", options: changelog, takes: 3, leaves: aCheckpoint},
			{change: "same", options: changelog, mode: coordinator.Claim, takes: 2, leaves: aCheckpoint},
			{change: "half", options: changelog, mode: coordinator.Claim},
		}},
	}
}
