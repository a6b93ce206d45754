package house

import (
	"fmt"
	"path"
	"regexp"
	"strings"
)

// goBlock is Go code in Markdown.
var goBlock = regexp.MustCompile("(?s)```go\n(.*?)```")

// Quotes complains of Go code in Markdown that no Go file below root has, line
// after line: what stands in a file is compiled, and in an example it is run.
// Indentation does not count.
func Quotes(root string) ([]Complaint, error) {
	var code strings.Builder
	type quote struct{ page, text string }
	var quotes []quote
	for f, err := range files(root) {
		if err != nil {
			return nil, err
		}
		switch path.Ext(f.path) {
		case ".go":
			code.WriteString(unindented(string(f.data)))
		case ".md":
			for _, match := range goBlock.FindAllSubmatch(f.data, -1) {
				quotes = append(quotes, quote{f.path, unindented(string(match[1]))})
			}
		}
	}
	var complaints []Complaint
	for _, q := range quotes {
		if !strings.Contains(code.String(), "\n"+q.text) {
			first, _, _ := strings.Cut(q.text, "\n")
			complaints = append(complaints, Complaint(fmt.Sprintf("%s has Go code that no Go file has, beginning with %q; quote an example", q.page, first)))
		}
	}
	return complaints, nil
}

// unindented is text without the white space around each line.
func unindented(text string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		b.WriteString(strings.TrimSpace(line))
		b.WriteByte('\n')
	}
	return b.String()
}
