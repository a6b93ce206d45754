// Package checkpoint holds the words that everything else here speaks: what a
// checkpoint is made of, as plain values.
//
// A completed checkpoint (or savepoint, which is a checkpoint that a user owns)
// is an id, the state of each operator, and a few things that belong to the job
// as a whole. The state itself is elsewhere; a checkpoint holds handles:
//
//	Metadata                       one checkpoint, as its _metadata file tells it
//	  MasterState                  what a master hook saved
//	  OperatorState                one operator, at the parallelism of the snapshot
//	    Coordinator                bytes of its operator coordinator
//	    SubtaskState               one parallel instance
//	      OperatorSubtaskState
//	        OperatorStateHandle    lists: split, union or broadcast on restore
//	        KeyedStateHandle       a range of key groups
//	        ChannelStateHandle     records in flight (unaligned checkpoints)
//	          StreamStateHandle    where the bytes are: inline, a file, a part of one
//
// The names are Apache Flink's, because the values are: package metadata reads
// and writes them byte for byte as Flink does. Each value keeps what the file
// said, including which of two encodings it used, so that writing it again gives
// the same bytes.
//
// Nothing here performs I/O. Values are not safe for concurrent mutation, and
// are safe for concurrent reading; handles are shared freely between values and
// must not be changed once they are.
package checkpoint
