// Package prefix roots a backend below a prefix of another, as a directory that one
// cannot look out of: two tenants of a bucket, or a test that shares one.
//
// Keys are relative to the prefix, in what is asked, in what is told, and in errors.
// Nothing outside the prefix can be named, and a store whose names can lead
// elsewhere, as symbolic links do, is told to stay in.
package prefix
