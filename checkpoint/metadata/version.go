package metadata

import "fmt"

// magic opens every metadata file since Flink 1.1.
const magic = 0x4960672D

// readable returns nil for the versions that Decode reads, and else an error
// that says what the owner of the file can do.
func readable(version int32, opts DecodeOptions) error {
	switch {
	case version >= Version2 && version <= Version6, version == Version7 && opts.Version7:
		return nil
	case version == 0:
		return fmt.Errorf("%w 0: written by Flink 1.1, read by no Flink since 1.4; "+
			"restore it with Flink 1.2 and take a new savepoint, restore that one with any of Flink 1.3 to 1.10, "+
			"and take another, which can be read here", ErrUnsupportedVersion)
	case version == 1:
		return fmt.Errorf("%w 1: written by Flink 1.2, read by Flink 1.3 to 1.10 only; "+
			"restore it with one of those and take a new savepoint, which can be read here", ErrUnsupportedVersion)
	case version == Version7:
		return fmt.Errorf("%w 7: it is a proposal (FLIP-600) that no release of Flink writes; "+
			"to read it all the same, allow version 7 in the options", ErrUnsupportedVersion)
	}
	return fmt.Errorf("%w %d: known are 2 to 6, and 7 on demand; "+
		"if a newer Flink wrote the file, use a newer cairn, else the file is damaged", ErrUnsupportedVersion, version)
}

// writable returns nil for the versions that Encode writes.
func (f *File) writable(opts EncodeOptions) error {
	switch {
	case f.Version >= Version3 && f.Version <= Version6:
		return nil
	case f.Version == Version7 && opts.Version7:
		return nil
	case f.Version == Version2 && f.readVersion == Version2:
		return nil
	case f.Version == Version2:
		return fmt.Errorf("%w 2: it is only written for what was read as version 2, as Flink itself writes it no more; "+
			"write version 3 for Flink 1.11 and later", ErrUnsupportedVersion)
	case f.Version == Version7:
		return fmt.Errorf("%w 7: it is a proposal (FLIP-600) that no release of Flink reads; "+
			"to write it all the same, allow version 7 in the options", ErrUnsupportedVersion)
	}
	return fmt.Errorf("%w %d: 3 to 6 can be written, and 7 on demand", ErrUnsupportedVersion, f.Version)
}
