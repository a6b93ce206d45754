package house

import (
	"fmt"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
)

// link finds the target of a Markdown link or image.
var link = regexp.MustCompile(`\]\(([^()\s]+)(?: "[^"]*")?\)`)

// code is what Markdown shows as it stands, where brackets mean something else.
var code = regexp.MustCompile("(?s)```.*?```|`[^`\n]*`")

// DeadLinks complains of links in the Markdown files below root whose target is
// not there, or is outside the house. Links to other sites are not followed.
func DeadLinks(root string) ([]Complaint, error) {
	var complaints []Complaint
	for f, err := range files(root) {
		if err != nil {
			return nil, err
		}
		if path.Ext(f.path) != ".md" {
			continue
		}
		for _, match := range link.FindAllSubmatch(code.ReplaceAll(f.data, nil), -1) {
			target := string(match[1])
			if dead(root, f.path, target) {
				complaints = append(complaints, Complaint(fmt.Sprintf("%s points at %s, which is not there", f.path, target)))
			}
		}
	}
	return complaints, nil
}

// dead says whether nothing is at the target of a link in the page.
func dead(root, page, target string) bool {
	u, err := url.Parse(target)
	if err != nil {
		return true
	}
	if u.Scheme != "" || u.Path == "" { // another site, or a heading of this page
		return false
	}
	below := path.Join(path.Dir(page), u.Path)
	if below == ".." || strings.HasPrefix(below, "../") || path.IsAbs(u.Path) {
		return true
	}
	_, err = os.Stat(filepath.Join(root, filepath.FromSlash(below)))
	return err != nil
}
