package cdk

import "github.com/cairnstate/cairn/storage/backend"

// driver is what is known of a driver of gocloud's, by the scheme of the root.
type driver struct {
	limits backend.Limits
	// streams says that its copies are not published as a Commit is: they show
	// before they are whole, or are no better than reading and writing.
	streams bool
	// uploads says that it is given a stream to read and not written to.
	uploads bool
	// escapes says that keys are stored otherwise than they read, and so come in
	// another order: a listing is gathered and sorted before it is told.
	escapes bool
}

// driverOf returns what is known of the driver, or for one that nobody knows that
// it keeps the contract, which storagetest finds out.
func driverOf(scheme string) driver {
	const object = 5 << 40
	azure := driver{streams: true, uploads: true, escapes: true, limits: backend.Limits{MaxKey: 1024, MaxElement: 254}}
	return map[string]driver{
		"mem": {limits: backend.Limits{Volatile: true}},
		// fileblob looks first and renames then, and syncs nothing: a power failure
		// may take what was committed.
		"file":   {streams: true, limits: backend.Limits{NoExclusiveCreate: true, Volatile: true, MaxElement: 255}},
		"s3":     {limits: backend.Limits{MaxKey: 1024, MaxObject: object}},
		"gs":     {limits: backend.Limits{MaxKey: 1024, MaxObject: object}},
		"azblob": azure, "abfs": azure, "abfss": azure, "wasb": azure, "wasbs": azure,
	}[scheme]
}

// Limits returns what the driver is known not to promise, judged by the scheme of
// the root. gocloud has no compare-and-swap.
func (b *Backend) Limits() backend.Limits {
	limits := driverOf(b.root.Scheme).limits
	limits.NoSwap = true
	return limits
}
