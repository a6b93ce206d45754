package checkpoint

import (
	"cmp"
	"fmt"
	"strings"
)

// String says where the handle stands as people would: operator "count" (uid or id),
// subtask 2, shared, 000012.sst.
func (s HandleSite) String() string {
	var parts []string
	if s.Operator != nil {
		parts = append(parts, fmt.Sprintf("operator %q", cmp.Or(s.Operator.Name, s.Operator.UID, s.Operator.ID.String())))
	}
	if s.Subtask != nil {
		parts = append(parts, fmt.Sprintf("subtask %d", s.Subtask.Index))
	} else {
		parts = append(parts, "coordinator")
	}
	if s.Kind != "" {
		parts = append(parts, string(s.Kind))
	}
	if s.LocalPath != "" {
		parts = append(parts, s.LocalPath)
	}
	return strings.Join(parts, ", ")
}
