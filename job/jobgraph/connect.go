package jobgraph

// connectAll makes edges between vertices of those that leave a chain. Each has a data set
// of its own: a pipelined result is read once.
func (c *chaining) connectAll() {
	for from, edges := range c.leaving {
		for _, e := range edges {
			edge := &c.from.Edges[e]
			producer, consumer := &c.graph.Vertices[from], &c.graph.Vertices[c.vertex[edge.To]]
			consumer.Inputs = append(consumer.Inputs, Edge{
				From: from, Output: producer.outputs, Input: edge.Input,
				Partitioner: edge.Partitioner, SupportsUnaligned: edge.SupportsUnaligned,
			})
			producer.outputs++
		}
	}
}
