package checkpoint

// ReferencedFile is a file that a checkpoint needs beside its metadata.
type ReferencedFile struct {
	// Path is absolute, in Flink's form, or if Relative is set relative to the
	// directory that holds the metadata.
	Path     string
	Relative bool
	Kind     HandleKind // ExclusiveHandle, SharedHandle, ChangelogHandle or SegmentHandle

	// Bytes is the size of the file, -1 if unknown. The segments of a file tell
	// only where the last of them ends; the file may go on.
	Bytes int64

	// Uses is how many handles refer to the file.
	Uses int
}

// Files returns each file that the checkpoint refers to once, in the order in
// which they come first in the metadata.
func (m *Metadata) Files() []ReferencedFile {
	var files []ReferencedFile
	known := map[fileKey]int{}
	for site, h := range m.StreamStateHandles() {
		f, ok := referencedFile(site, h)
		if !ok {
			continue
		}
		i, seen := known[fileKey{f.Path, f.Relative}]
		if !seen {
			i = len(files)
			known[fileKey{f.Path, f.Relative}] = i
			files = append(files, f)
		}
		files[i].Uses++
		files[i].Bytes = max(files[i].Bytes, f.Bytes)
	}
	return files
}

type fileKey struct {
	path     string
	relative bool
}

func referencedFile(site HandleSite, h StreamStateHandle) (ReferencedFile, bool) {
	switch h := h.(type) {
	case *FileStateHandle:
		return ReferencedFile{Path: h.Path, Kind: site.Kind, Bytes: h.Size}, true
	case *RelativeFileStateHandle:
		return ReferencedFile{Path: h.RelativePath, Relative: true, Kind: site.Kind, Bytes: h.Size}, true
	case *SegmentFileStateHandle:
		return ReferencedFile{Path: h.PhysicalPath, Kind: site.Kind, Bytes: h.StartPos + h.Size}, true
	}
	return ReferencedFile{}, false
}
