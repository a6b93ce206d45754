// Package execution runs a job: it starts tasks, sees how they do, and starts them again.
//
// It is where all that was decided about a job comes together, in the order in which
// it is read here:
//
//	configuration, stream graph, job graph           job/configuration, job/stream, job/jobgraph
//	CreateAndRestore                                 create.go
//	    New                                          graph.go
//	        vertices x subtasks, each with an attempt in CREATED
//	        regions: subtasks that fail together     region.go
//	    EnableCheckpointing                          enable.go
//	        the coordinator, as the settings say     coordinator
//	        hooks and operator coordinators
//	        what starts and stops its scheduler: the job's status
//	    restore: the latest checkpoint first, else the savepoint in the settings
//	        (coordinator.RestoreInitial)
//	        each subtask remembers what it starts from
//	Start                                            run.go
//	    CREATED -> RUNNING: periodic checkpoints begin
//	    each attempt is deployed, with its initial state
//
// Who has tasks to run implements [Deployer]: it starts an attempt somewhere and says
// how to reach it, and tells [Graph.UpdateTaskState] how far the attempt has come.
//
// # When a task fails
//
// The subtasks that it was connected with fail too, and no others:
//
//	abort the checkpoints that are being taken
//	RUNNING -> RESTARTING: periodic checkpoints end
//	cancel the tasks of the region                   failure.go
//	wait: for as long as the restart strategy says, and until all of them have ended
//	new attempts                                     restart.go
//	restore the latest checkpoint, for their vertices
//	tell operator coordinators which subtasks went back
//	RESTARTING -> RUNNING
//	deploy
//
// What fails outside of a task ([Graph.FailGlobal]) does the same to all of them, and
// resets the operator coordinators themselves. An attempt that was given up has nothing
// to say any more: it has another number than the one that took its place.
//
// # Ends
//
// FINISHED when all tasks have finished; by themselves, or with a savepoint
// ([Graph.StopWithSavepoint]). CANCELED and FAILED when all tasks have ended. SUSPENDED
// at once: the job is to go on elsewhere; a graph whose coordinator has been fenced
// suspends itself. After the last task the coordinator is shut down with that status,
// once, and only then is the graph [Graph.Done].
//
// # Concurrency
//
// What changes a graph is done by its main thread (Flink: the JobMaster's), one thing
// after the other, as steps of the executor; calls such as Cancel leave word and
// return. So deployers, listeners and coordinators may call the graph from wherever
// they are called. No lock is held while anybody else is called. What a graph says of
// itself ([Graph.Current], [Graph.Status]) is behind a lock that is held for nothing
// else.
package execution
