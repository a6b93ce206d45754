// Package limit keeps a program from asking more of a store than the store, or the
// other users of it, can bear: so many calls at once, so many requests and bytes in a
// second, and a budget for each prefix of keys.
//
// Who has to wait does so before the call, in no order that is promised, until its
// context ends; the error then says what it was waiting for. An error of waiting
// means that nothing happened.
//
// # Budgets
//
// S3 bears 3,500 writes and 5,500 reads in a second for each prefix that it has
// partitioned a bucket into, and answers more with SlowDown. [S3Budget] is that. A
// budget is halved when the store says [backend.ErrThrottled], and grows back by a
// tenth of the whole for each second without that (additive increase, multiplicative
// decrease), so that many programs that do not know of each other share a prefix
// about evenly. Each key of a batch deletion counts as a write, as S3 counts it.
//
// # What counts
//
// A call is a request, but those of readers, writers and listings count as a client
// of S3 sends them: a listing is a request for each 1,000 elements, a writer one for
// its Commit and one for each 8 MiB, and so is an upload, before it begins. What else a
// backend does to serve a power (the parts of a download) is one request here. Bytes
// count as they come and go, those of an upload when they are taken from its source
// first. A download or an upload is one call at once, whatever it does inside.
package limit
