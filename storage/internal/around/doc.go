// Package around puts one hook around every call that goes through a backend: each
// verb, each power, and each call of the readers, writers and listings that they
// hand out.
//
// Wrappers that observe or gate all calls (fault, limit, meter, trace) are one hook
// each. What passes calls through, and what must not be forgotten when the contract
// gets another power, is here, once.
//
// A power is one call: what the backend within does to serve it without the power
// (opening and creating, to copy) is its own affair and not seen. Put a wrapper
// around that backend itself to see it. What a download fetches and an upload takes is
// seen, piece by piece, so no backend within sees the file that it is taken from.
package around
