package main

import (
	"encoding/xml"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"
)

var update = flag.Bool("update", false, "rewrite the picture of the demo")

// The README shows what `make demo` prints. The picture is drawn from a real run,
// and is right as long as this test passes; -update draws it anew.
func TestPictureOfDemo(t *testing.T) {
	const picture = "../../docs/demo.svg"
	drawn := drawTerminal(demoTranscript(t))
	if *update {
		if err := os.WriteFile(picture, []byte(drawn), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	kept, err := os.ReadFile(picture)
	if err != nil {
		t.Fatal(err)
	}
	if string(kept) != drawn {
		t.Errorf("%s does not show what make demo prints; go test ./cmd/cairn -run %s -update draws it anew", picture, t.Name())
	}
}

// demoTranscript runs what the target demo of the Makefile runs.
func demoTranscript(t *testing.T) string {
	t.Helper()
	savepoint := snapshot(t, "2.3.0/hashmap-savepoint")
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	var transcript strings.Builder
	for _, args := range [][]string{
		{"resolve", savepoint},
		{"inspect", savepoint},
		{"restore", savepoint, "--parallelism", "3"},
	} {
		got := cairn(t, args...)
		if got.code != exitYes {
			t.Fatalf("%q: %s", args, got.stderr)
		}
		fmt.Fprintf(&transcript, "$ cairn %s\n%s\n", strings.Join(args, " "), got.stdout)
	}
	text := strings.ReplaceAll(transcript.String(), "file:"+root, "file:/cairn")
	return strings.ReplaceAll(text, "../../", "")
}

// drawTerminal draws text as a terminal would show it.
func drawTerminal(text string) string {
	const charWidth, lineHeight, margin = 7.8, 17, 16
	lines := strings.Split(strings.TrimRight(text, "\n"), "\n")
	columns := 0
	for _, line := range lines {
		columns = max(columns, utf8.RuneCountInString(line))
	}
	width, height := float64(columns)*charWidth+2*margin, len(lines)*lineHeight+2*margin
	var svg strings.Builder
	fmt.Fprintf(&svg, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %.0f %d" font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, monospace" font-size="13">`+"\n", width, height)
	fmt.Fprintf(&svg, `<rect width="100%%" height="100%%" rx="8" fill="#16191d"/>`+"\n")
	for i, line := range lines {
		if line == "" {
			continue
		}
		fmt.Fprintf(&svg, `<text x="%d" y="%d" fill="%s" xml:space="preserve">`, margin, margin+12+i*lineHeight, colourOf(line))
		_ = xml.EscapeText(&svg, []byte(line)) // a strings.Builder takes everything
		svg.WriteString("</text>\n")
	}
	svg.WriteString("</svg>\n")
	return svg.String()
}

// colourOf makes commands and headings stand out.
func colourOf(line string) string {
	switch {
	case strings.HasPrefix(line, "$ "):
		return "#8fd18b"
	case line == strings.ToUpper(line) && strings.ContainsAny(line, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"),
		strings.HasSuffix(line, " key groups"):
		return "#f2c36b"
	}
	return "#d6dae0"
}
