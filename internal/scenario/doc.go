// Package scenario plays what a job does with its checkpoints, and judges what is left
// when the play was disturbed.
//
// There are three plays. In each a job writes state of all sizes and publishes a
// checkpoint:
//
//	publish   it is complete; it is read, and disposed of
//	abort     it is given up before its metadata is written
//	race      somebody else completes a checkpoint in the same place before
//
// A play keeps a [Ledger] of what it was told by the store. A judge who knows nothing
// but the ledger then looks at the store, and has these questions:
//
//   - Does a reader see no checkpoint, or a whole one?
//   - Is what was acknowledged there, and is what was denied not?
//   - Was anything thrown away while nobody knew?
//   - Is what was deleted gone?
//   - Does a second run finish or clean up, and leave nothing?
//   - Do the errors say what failed and where, and no secret?
//
// Who disturbs the play, and how, is the business of whoever calls.
package scenario
