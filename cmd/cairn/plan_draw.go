package main

import (
	"fmt"
	"slices"
)

// drawFlow draws a band from the key groups that are read to those that are owned.
func (p *panel) drawFlow(s *svg, top float64, f flow) {
	upper, lower := top+oldTop+rowHeight+1, top+newTop-1
	from, fromEnd := p.x(f.from.Start), p.x(f.from.Start+f.from.Count)
	to, toEnd := p.x(f.to.Start), p.x(f.to.Start+f.to.Count)
	middle := (upper + lower) / 2
	opacity := 0.5
	if f.from != f.to {
		opacity = 0.28 // fans overlap
	}
	s.printf(`<path d="M%.1f %.1fC%.1f %.1f %.1f %.1f %.1f %.1fL%.1f %.1fC%.1f %.1f %.1f %.1f %.1f %.1fZ" fill="%s" fill-opacity="%.2f"/>`+"\n",
		from, upper, from, middle, to, middle, to, lower,
		toEnd, lower, toEnd, middle, fromEnd, middle, fromEnd, upper,
		heat(max(p.share(f.bytes), 0.12)), opacity)
}

func (p *panel) drawRow(s *svg, top float64, row []cell, label string) {
	if label != "" {
		s.text(svgMargin, top-7, "small", label+grouped(row))
	}
	for _, c := range row {
		x, width := p.x(c.keyGroups.Start), p.x(c.keyGroups.Start+c.keyGroups.Count)-p.x(c.keyGroups.Start)
		gap := min(1.5, width/6)
		share := p.share(c.bytes)
		s.printf(`<rect x="%.1f" y="%.1f" width="%.1f" height="%d" rx="%.1f" fill="%s"><title>%s</title></rect>`+"\n",
			x+gap/2, top, width-gap, rowHeight, min(3, width/4), heat(share), c.describe())
		p.drawLabel(s, x+width/2, top+rowHeight/2+4, width, c)
	}
}

// drawLabel writes into a cell what there is room for: the subtask, and its bytes.
func (p *panel) drawLabel(s *svg, x, y, width float64, c cell) {
	label := fmt.Sprint(c.first)
	if full := label + "  ·  " + size(c.bytes); c.bytes > 0 && width > float64(len(full))*7+8 {
		label = full
	}
	if c.first != c.last || width < float64(len(label))*8+4 {
		return
	}
	s.printf(`<text x="%.1f" y="%.1f" class="mid" font-size="12" style="fill:%s">%s</text>`+"\n", x, y, inkOn(p.share(c.bytes)), label)
}

// describe is what a viewer shows of a cell that is pointed at.
func (c *cell) describe() string {
	bytes := size(c.bytes)
	if bytes == "" {
		bytes = "nothing"
	}
	if c.first == c.last {
		return fmt.Sprintf("subtask %d, key groups %d-%d: %s", c.first, c.keyGroups.Start, c.keyGroups.Last(), bytes)
	}
	return fmt.Sprintf("subtasks %d-%d, key groups %d-%d: %s at most", c.first, c.last, c.keyGroups.Start, c.keyGroups.Last(), bytes)
}

// grouped says that a cell stands for several subtasks.
func grouped(row []cell) string {
	if n := row[0].last - row[0].first + 1; n > 1 {
		return fmt.Sprintf(", %d to a cell, which shows the largest", n)
	}
	return ""
}

// drawKeyGroups draws the axis, and above it how the bytes lie in the key groups,
// where that is known.
func (p *panel) drawKeyGroups(s *svg, top float64) {
	if len(p.byGroup) > 0 {
		bins := binned(p.byGroup, plotWidth/2)
		largest, step := slices.Max(bins), groupSize(len(p.byGroup), plotWidth/2)
		for i, bytes := range bins {
			if bytes == 0 {
				continue
			}
			from, to := p.x(int32(i*step)), p.x(int32(min((i+1)*step, len(p.byGroup))))
			s.printf(`<rect x="%.1f" y="%.1f" width="%.1f" height="%d" fill="%s" shape-rendering="crispEdges"/>`+"\n",
				from, top+stripTop, to-from, stripHeight, heat(float64(bytes)/float64(largest)))
		}
	}
	for _, keyGroup := range p.ticks() {
		x, class := p.x(keyGroup), "small mid"
		switch keyGroup {
		case 0:
			class = "small"
		case p.keyGroups:
			class = "small end"
		}
		s.printf(`<line x1="%.1f" y1="%.1f" x2="%.1f" y2="%.1f" stroke="#b9aea2"/>`+"\n", x, top+axisTop, x, top+axisTop+4)
		label := fmt.Sprint(keyGroup)
		if keyGroup == 0 {
			label = "key group 0"
		}
		s.text(x, top+axisTop+16, class, label)
	}
}

// ticks are at eighths of the key groups.
func (p *panel) ticks() []int32 {
	var ticks []int32
	for i := range int32(9) {
		if tick := p.keyGroups * i / 8; !slices.Contains(ticks, tick) {
			ticks = append(ticks, tick)
		}
	}
	return ticks
}

// drawBars draws how much each new subtask reads, and the median.
func (p *panel) drawBars(s *svg, top float64) {
	most := int64(0)
	for _, c := range p.new {
		most = max(most, c.bytes)
	}
	if most == 0 {
		return
	}
	bottom := top + barsBottom
	for _, c := range p.new {
		x, width := p.x(c.keyGroups.Start), p.x(c.keyGroups.Start+c.keyGroups.Count)-p.x(c.keyGroups.Start)
		gap, height := min(6, width/4), barsHeight*float64(c.bytes)/float64(most)
		s.printf(`<rect x="%.1f" y="%.1f" width="%.1f" height="%.1f" fill="%s"/>`+"\n",
			x+gap/2, bottom-height, width-gap, height, heat(p.share(c.bytes)))
	}
	median := bottom - barsHeight*float64(p.spread().Median)/float64(most)
	s.printf(`<line x1="%d" y1="%.1f" x2="%d" y2="%.1f" stroke="#2b2724" stroke-dasharray="4 4" stroke-opacity="0.55"/>`+"\n",
		svgMargin, median, svgWidth-svgMargin, median)
	s.text(svgMargin, bottom+15, "small", fmt.Sprintf("after: %s%s; the bars show what each reads, the dashed line the median, %s",
		count(len(p.vertex.Subtasks), "subtask"), grouped(p.new), size(p.spread().Median)))
}
