package sqlbackend_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// What the guide shows of the example is the example: each block of Go is in one of
// its files, line by line.
func TestTheGuideQuotesTheExample(t *testing.T) {
	page, err := os.ReadFile("../../docs/writing-a-backend.md")
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	var sources []string
	for _, file := range files {
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		sources = append(sources, "\n"+string(source))
	}
	blocks := regexp.MustCompile("(?s)```go(\n.*?)```").FindAllStringSubmatch(string(page), -1)
	if len(blocks) < 10 {
		t.Fatalf("found %d blocks of Go in the guide", len(blocks))
	}
	for _, block := range blocks {
		if !quoted(sources, block[1]) {
			t.Errorf("the guide shows what no file of the example holds:%s", block[1])
		}
	}
}

func quoted(sources []string, block string) bool {
	for _, source := range sources {
		if strings.Contains(source, block) {
			return true
		}
	}
	return false
}
