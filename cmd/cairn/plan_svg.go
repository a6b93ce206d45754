package main

import (
	"cmp"
	"encoding/xml"
	"fmt"
	"io"
	"strings"

	"github.com/cairnstate/cairn/restore"
)

// The measures of the picture, in its own units: pixels at the size it is drawn.
// It brings its own background, so it reads the same in light and dark viewers.
const (
	svgWidth   = 1200
	svgMargin  = 40
	plotWidth  = svgWidth - 2*svgMargin
	headHeight = 132
	footHeight = 56
)

const svgStyle = `<style>
text { font-family: system-ui, -apple-system, "Segoe UI", "DejaVu Sans", sans-serif; fill: #2b2724 }
.title { font-size: 24px; font-weight: 600 }
.name { font-size: 16px; font-weight: 600 }
.mono { font-family: ui-monospace, SFMono-Regular, Menlo, "DejaVu Sans Mono", monospace; font-size: 12px; fill: #6f665e }
.note { font-size: 12.5px; fill: #6f665e }
.small { font-size: 11px; fill: #8a8078 }
.end { text-anchor: end }
.mid { text-anchor: middle }
</style>
`

// drawPlan draws the key groups of each operator with keyed state: the subtasks
// that had them above, those that get them below, and between them who reads from
// whom. The same plan gives the same bytes.
func drawPlan(w io.Writer, p *planned) error {
	var panels []*panel
	for i := range p.plan.Vertices {
		v := &p.plan.Vertices[i]
		for k := range v.Keyed {
			panels = append(panels, newPanel(v, &v.Keyed[k]))
		}
	}
	s := &svg{}
	height := headHeight + max(len(panels), 1)*panelHeight + footHeight
	s.printf(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%d" height="%d" role="img">`+"\n", svgWidth, height, svgWidth, height)
	s.printf("<title>Restore plan of checkpoint %d, %s</title>\n", p.loaded.file.CheckpointID, escaped(p.loaded.pointer))
	s.printf("%s%s", svgStyle, `<defs><linearGradient id="heat">`)
	for i := range heatStops {
		s.printf(`<stop offset="%d%%" stop-color="%s"/>`, 100*i/(len(heatStops)-1), heat(float64(i)/float64(len(heatStops)-1)))
	}
	s.printf("</linearGradient></defs>\n")
	s.printf(`<rect x="0.5" y="0.5" width="%d" height="%d" rx="12" fill="#fffdf9" stroke="#d9d0c5"/>`+"\n", svgWidth-1, height-1)
	s.heading(p)
	for i, panel := range panels {
		panel.draw(s, float64(headHeight+i*panelHeight))
	}
	if len(panels) == 0 {
		s.text(svgMargin, headHeight+40, "note", "The job restores no keyed state from this checkpoint, so there are no key groups to show.")
	}
	s.text(svgMargin, float64(height)-34, "small", "Above: old subtasks, coloured by bytes stored. Below: new subtasks, coloured by bytes read. Between: who reads from whom; what fans out is read whole by each.")
	s.text(svgMargin, float64(height)-18, "small", "The strip shows how the bytes lie in the key groups, where the checkpoint tells: in full snapshots, not in incremental ones.")
	s.printf("</svg>\n")
	_, err := io.WriteString(w, s.String())
	return err
}

// svg is a picture while it is drawn.
type svg struct{ strings.Builder }

func (s *svg) printf(format string, args ...any) { fmt.Fprintf(s, format, args...) }

func (s *svg) text(x, y float64, class, text string) {
	s.printf(`<text x="%.1f" y="%.1f" class="%s">%s</text>`+"\n", x, y, class, escaped(text))
}

// escaped makes text safe for SVG, which shows no control characters.
func escaped(text string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(printable(text))) // a strings.Builder takes everything
	return b.String()
}

func (s *svg) heading(p *planned) {
	s.text(svgMargin, 52, "title", fmt.Sprintf("Restore plan of checkpoint %d", p.loaded.file.CheckpointID))
	s.text(svgMargin, 76, "mono", middleSnip(p.loaded.pointer, 150))
	said := []string{"restores: " + p.answer(), fmt.Sprintf("reads %s of %s stored", cmp.Or(size(p.plan.Read.Total()), "0 B"), cmp.Or(size(p.plan.Stored.Total()), "0 B"))}
	if times, ok := restore.Amplification(p.plan.Read, p.plan.Stored); ok {
		said[1] += fmt.Sprintf(" (%.2f times)", times)
	}
	said = append(said, fmt.Sprintf("%s in %s", count(p.subtasks(), "subtask"), strings.Replace(count(len(p.plan.Vertices), "vertex"), "vertexs", "vertices", 1)))
	s.text(svgMargin, 100, "note", strings.Join(said, "  ·  "))
	s.printf(`<line x1="%d" y1="118" x2="%d" y2="118" stroke="#e6ded3"/>`+"\n", svgMargin, svgWidth-svgMargin)
}

func (p *planned) subtasks() (n int) {
	for i := range p.plan.Vertices {
		n += len(p.plan.Vertices[i].Subtasks)
	}
	return n
}

// middleSnip shortens a path where it says least, in the middle.
func middleSnip(text string, width int) string {
	runes := []rune(text)
	if len(runes) <= width {
		return text
	}
	half := (width - 1) / 2
	return string(runes[:half]) + "…" + string(runes[len(runes)-half:])
}
