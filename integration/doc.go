// Package integration holds the whole house against real stores and real data.
//
// Its tests restore what real Flink wrote (testdata/flink) from a local disk,
// from MinIO and from an emulator of Google Cloud Storage, and compare the
// results byte for byte. Whatever puts objects into a store, or reads back what
// our backends wrote, shares no code with them; see package servers, which also
// counts the requests that a restore costs.
//
// There is nothing to import here. The comparison with Flink's own classes is in
// interop, what makes the data in flink.
package integration
