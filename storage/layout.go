package storage

import (
	"strconv"
	"strings"
)

// The names of Flink's layout: below a job's directory there are shared/,
// taskowned/, with the changelog backend dstl/, and a directory chk-N for each
// checkpoint; a savepoint is one directory that holds everything.
const (
	// MetadataFileName is the name of the file that makes a directory a checkpoint
	// (AbstractFsCheckpointStorageAccess.METADATA_FILE_NAME).
	MetadataFileName = "_metadata"

	sharedDir      = "shared"    // files that several checkpoints of the job use
	taskOwnedDir   = "taskowned" // files that task managers delete, not the coordinator
	changelogDir   = "dstl"      // StateChangeFsUploader.PATH_SUB_DIR
	checkpointName = "chk-"
)

// CheckpointNumber returns N if the name of the directory is Flink's chk-N.
func CheckpointNumber(dir string) (int64, bool) {
	digits, ok := strings.CutPrefix(dir, checkpointName)
	if !ok || digits == "" || strings.Trim(digits, "0123456789") != "" {
		return 0, false
	}
	id, err := strconv.ParseInt(digits, 10, 64)
	return id, err == nil
}
