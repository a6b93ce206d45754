package fs

import (
	"bytes"
	"iter"
	"slices"
)

// images yields every disk that a power failure may leave now: of each file with
// bytes that were not synced all, half or none of them, and of each directory any
// choice among the changes that were not synced.
func (d *simulated) images() iter.Seq[*simulated] {
	return func(yield func(*simulated) bool) {
		total := 1
		for _, n := range d.uncertain() {
			total *= n.fates()
		}
		for number := range total {
			if !yield(d.image(number)) {
				return
			}
		}
	}
}

// image returns one of them. The number holds a digit for each uncertain node.
func (d *simulated) image(number int) *simulated {
	image := d.clone()
	for _, n := range image.uncertain() {
		n.meet(number % n.fates())
		number /= n.fates()
	}
	image.settle(image.top)
	return image
}

// uncertain returns the nodes that have more than one fate, in the order of their
// making. Those are looked for behind names that went as well.
func (d *simulated) uncertain() []*node {
	seen := make(map[*node]bool)
	d.top.reach(seen)
	var uncertain []*node
	for n := range seen {
		if n.fates() > 1 {
			uncertain = append(uncertain, n)
		}
	}
	slices.SortFunc(uncertain, func(a, b *node) int { return int(a.id) - int(b.id) })
	return uncertain
}

func (n *node) reach(seen map[*node]bool) {
	if n == nil || seen[n] {
		return
	}
	seen[n] = true
	for _, names := range []map[string]*node{n.names, n.certain} {
		for _, child := range names {
			child.reach(seen)
		}
	}
	for _, e := range n.pending {
		e.node.reach(seen)
	}
}

// fates returns the number of things that a power failure may make of the node.
func (n *node) fates() int {
	switch {
	case n.dir:
		return 1 << len(n.pending)
	case bytes.Equal(n.data, n.synced):
		return 1
	case len(n.data)-len(n.synced) > 1:
		return 3
	}
	return 2
}

// meet makes one of them of it: the one of all things kept is the first.
func (n *node) meet(fate int) {
	if !n.dir {
		if fate > 0 {
			kept := len(n.synced) + (len(n.data)-len(n.synced))/2*(2-fate)
			n.data = n.data[:kept]
		}
		return
	}
	names := n.certain
	for i, e := range n.pending {
		if fate&(1<<i) == 0 {
			e.apply(names)
		}
	}
	n.names = names
}

// settle makes certain what is there.
func (d *simulated) settle(n *node) {
	n.sync()
	for _, child := range n.names {
		d.settle(child)
	}
}
