package storage

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
)

// entropy spreads state files over the key space of an object store, whose
// throughput is bounded for each prefix of keys (Flink: EntropyInjector). A key
// such as "_entropy_" in a path stands for random characters, others for each
// file. The metadata file lies where the key is taken out, so that it can be
// found. The zero value does nothing.
type entropy struct {
	key    string
	length int
}

const defaultEntropyLength = 4

// badInEntropyKey are the characters that Flink refuses in s3.entropy.key.
const badInEntropyKey = `~#@*+%{}<>[]|"\`

const alphanumeric = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"

func (e entropy) check() error {
	switch {
	case e.key == "":
		return nil
	case strings.ContainsAny(e.key, badInEntropyKey):
		return fmt.Errorf("storage: the entropy key %q has a character of %s", e.key, badInEntropyKey)
	case e.length <= 0:
		return errors.New("storage: the entropy length must be positive")
	}
	return nil
}

// isIn reports whether the path holds the key. Local disks have no prefixes that
// are slow alone, and nobody clears away directories of random names: there the
// key is a name like any other. Flink decides by the class of the file system.
func (e entropy) isIn(p Path) bool {
	return e.key != "" && p.scheme != localScheme && strings.Contains(p.path, e.key)
}

// inject returns the path with random characters for the first key in it.
func (e entropy) inject(p Path) Path {
	random := make([]byte, e.length)
	for i := range random {
		random[i] = alphanumeric[rand.IntN(len(alphanumeric))]
	}
	return e.replace(p, string(random))
}

// remove returns the path without the first key in it.
func (e entropy) remove(p Path) Path { return e.replace(p, "") }

func (e entropy) replace(p Path, with string) Path {
	if e.isIn(p) {
		p.path = normalise(strings.Replace(p.path, e.key, with, 1))
	}
	return p
}

// restore returns the key of a file with the entropy key again where inject had
// put random characters; dir is the directory as it was before. A key that inject
// could not have made of something below dir stays as it is.
func (e entropy) restore(dir, key string) string {
	at := -1
	if e.key != "" {
		at = strings.Index(dir, e.key)
	}
	if at < 0 || len(key) < at+e.length || strings.Trim(key[at:at+e.length], alphanumeric) != "" {
		return key
	}
	return key[:at] + e.key + key[at+e.length:]
}
